import { describe, expect, test } from "bun:test";
import { breakAllCalls, FAULT, FAULT_REQUEST } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

const SCREENS = [
  ...["/", "/chat", "/agents", "/agents/default", "/runs", "/tools", "/tools?tab=custom", "/tools?tab=mcp"],
  ...[
    "/tools?tab=skills",
    "/knowledge",
    "/knowledge?tab=files",
    "/knowledge?tab=media",
    "/channels",
    "/usage",
    "/settings",
  ],
];

describePages("a screen without any data", {}, (dashboard) => {
  test.each(SCREENS)("%s says what would be there, and is accessible", async (path) => {
    const page = await dashboard.open(path.replace("/default", "/openai"), { language: "zh", theme: "dark" });
    await page.locator("h1").waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
    await page.context().close();
  });
});

describePages("a screen with data", { data: "rich" }, (dashboard) => {
  describe("for those who may only read", () => {
    test.each(SCREENS.map((path) => path.replace("/default", "/support")))("%s has no problems", async (path) => {
      const page = await dashboard.open(path, { as: "viewer" });
      await page.locator("h1").waitFor();
      await expectAccessible(page);
      page.expectNoProblems();
      await page.context().close();
    });
  });

  describe("whose every call fails", () => {
    test.each(SCREENS)("%s says so in place, with the request id, and keeps the navigation", async (path) => {
      const page = await dashboard.open("/chat");
      await breakAllCalls(page);
      await page.goto(path);
      await page.getByText(FAULT).first().waitFor();
      await page.getByText(FAULT_REQUEST).first().waitFor();
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.getByRole("navigation", { name: "Screens" }).getByRole("link").count()).toBe(9);
      await expectAccessible(page);
      page.expectNoProblems();
      await page.context().close();
    });
  });

  test("belongs to one tenant, and the owner of several changes between them", async () => {
    const page = await dashboard.open("/agents", { as: "owner" });
    await page.getByText("Customer Support").first().waitFor();
    await page.getByRole("button", { name: /Change the tenant/ }).click();
    await page.getByRole("menuitem", { name: /Northwind/ }).click();
    await page.getByText("assistant", { exact: true }).first().waitFor();
    expect(await page.getByText("Customer Support").count()).toBe(0);
    await page.reload();
    await page.getByText("assistant", { exact: true }).first().waitFor();
    page.expectNoProblems();
  });
});
