import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { describePages } from "#testing/browser/describe-pages.ts";

/** A row shows the focus of its link. */
const IS_FOCUS_SEEN = `[document.activeElement, document.activeElement.closest("[role=row]")].some(
  (element) => element && getComputedStyle(element).outlineStyle !== "none",
)`;
const focused = (page: Page) => page.locator(":focus");

describePages("by keyboard alone", { data: "rich" }, (dashboard) => {
  test("a person goes to the agents, finds one, opens it and comes back", async () => {
    const page = await dashboard.open("/");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByText("Customer Support").waitFor();
    await page.keyboard.press("/");
    await page.locator("input:focus").waitFor();
    await page.keyboard.type("release");
    await page.getByText("Customer Support").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByText("Customer Support").waitFor();
    await page.keyboard.press("Tab");
    await page.locator("body").press("j");
    await page.keyboard.press("j");
    const name = (await focused(page).textContent()) ?? "";
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/agents\/./);
    await page.locator("h1", { hasText: name.replace(/^\P{L}+|Default$/gu, "") }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Agents", exact: true }).waitFor();
    page.expectNoProblems();
  });

  test("the palette goes to a chat, which is written and read", async () => {
    const page = await dashboard.open("/usage");
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("Chat with Data Analyst");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/chat\?agent=analyst/);
    await page.getByText("Talk to Data Analyst").waitFor();
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.type("How many orders?");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Data Analyst" }).waitFor();
    expect(await focused(page).getAttribute("aria-label")).toBe("Message");
    page.expectNoProblems();
  });

  test("the first key leads past the navigation, and focus is seen everywhere", async () => {
    const page = await dashboard.open("/agents");
    await page.keyboard.press("Tab");
    expect(await focused(page).textContent()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await focused(page).getAttribute("id")).toBe("main");
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate<boolean>(IS_FOCUS_SEEN);
      expect(seen).toBe(true);
    }
    page.expectNoProblems();
  });

  test("a dialog takes the focus, and gives it back", async () => {
    const page = await dashboard.open("/agents");
    await page.getByRole("button", { name: "New agent" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("Bad Key");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("must have at least").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused(page).textContent()).toBe("New agent");
    page.expectNoProblems();
  });

  test("what was done is undone while a drawer is open, which keeps the focus after it", async () => {
    const page = await dashboard.open("/channels");
    await page.getByRole("row").filter({ hasText: "Telegram" }).first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.keyboard.press("F8");
    expect(await focused(page).textContent()).toContain("Undo");
    await page.keyboard.press("Enter");
    await drawer.getByRole("button", { name: "Turn off" }).waitFor();
    expect(await focused(page).textContent()).toBe("Turn off");
    page.expectNoProblems();
  });
});
