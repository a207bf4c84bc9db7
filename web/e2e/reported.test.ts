import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { describePages } from "#testing/browser/describe-pages.ts";

const NEW_CHAT = "/chat?agent=openai";
const field = (page: Page) => page.getByLabel("Message", { exact: true });
/** Where the reader is in a conversation. */
const PLACE = `document.querySelector("[role=log]").parentElement.scrollTop`;
const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, line) => `Line ${from + line} of a long answer.\n\n`);

describePages("what broke elsewhere holds here:", {}, (dashboard) => {
  const { model } = dashboard;

  test("Enter that ends the composition of a word sends nothing", async () => {
    const page = await dashboard.open(NEW_CHAT);
    await field(page).fill("tiếng Việ");
    await field(page).dispatchEvent("compositionstart");
    await field(page).dispatchEvent("keydown", { key: "Enter", isComposing: true });
    await field(page).dispatchEvent("keydown", { key: "Enter", keyCode: 229 });
    expect(await field(page).inputValue()).toBe("tiếng Việ");
    expect(page.url()).not.toContain("session=");
    page.expectNoProblems();
  });

  test("who reads further up stays there while an answer grows, and when it ends", async () => {
    const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
    model.enqueue({ text: lines(1, 80), hold: more });
    const page = await dashboard.open(NEW_CHAT);
    await field(page).fill("Talk long");
    await page.keyboard.press("Enter");
    await page.getByText("Line 80 of").waitFor();
    await page.mouse.move(800, 400);
    await page.mouse.wheel(0, -1_200);
    const below = page.getByRole("button", { name: /New below|To the end/ });
    await below.waitFor();
    const place = await page.evaluate<number>(PLACE);
    goOn();
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Answer again" }).waitFor();
    // The answer that grew is now one that was read.
    await Bun.sleep(1_000);
    expect(await page.evaluate<number>(PLACE)).toBeWithin(place - 5, place + 5);
    await below.click();
    await below.waitFor({ state: "detached" });
    page.expectNoProblems();
  });

  test("a message that cannot be sent stays where it was written, and says why", async () => {
    const page = await dashboard.open("/chat");
    await page.routeWebSocket(/\/ws$/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const { id, method } = JSON.parse(String(message));
        if (method !== "runs.start") return server.send(message);
        const error = { code: "RESOURCE_EXHAUSTED", message: "too much at once", retryable: true, retryAfterMs: 1_000 };
        socket.send(JSON.stringify({ type: "res", id, ok: false, error }));
      });
    });
    await page.goto(NEW_CHAT);
    await field(page).fill("I wrote this for an hour");
    await page.keyboard.press("Enter");
    await page.getByText("too much at once", { exact: true }).waitFor();
    expect(await field(page).inputValue()).toBe("I wrote this for an hour");
    page.expectNoProblems();
  });

  test("what was written outlives another conversation, and a login that ended", async () => {
    const page = await dashboard.open(NEW_CHAT);
    await field(page).fill("half a thought");
    await page.getByRole("link", { name: "Agents", exact: true }).click();
    await page.getByRole("heading", { name: "Agents" }).waitFor();
    await page.goBack();
    expect(await field(page).inputValue()).toBe("half a thought");
    await page.evaluate(`fetch("/v1/logins/current", { method: "DELETE" })`);
    await page.getByRole("heading", { name: "Sign in to GoClaw" }).waitFor();
    await page.getByLabel(/Gateway token or API key/).fill(dashboard.token);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe("half a thought");
    page.expectNoProblems(/401/);
  });

  test("a page of an earlier version says that it has to be loaded again", async () => {
    const page = await dashboard.open("/");
    await page.route(/\/assets\/usage-screen/, (route) => route.fulfill({ status: 404, body: "gone" }));
    await page.getByRole("link", { name: "Usage", exact: true }).click();
    await page.getByText("GoClaw was updated").waitFor();
    expect(await page.getByRole("navigation", { name: "Screens" }).getByRole("link").count()).toBe(9);
    page.expectNoProblems(/404|usage-screen/);
  });

  test("an address that nobody knows says so, and leads home", async () => {
    const page = await dashboard.open("/no/such/page");
    await page.getByRole("link", { name: "Go to Home" }).click();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    page.expectNoProblems();
  });

  test("a reload shows the same filters", async () => {
    const page = await dashboard.open("/runs?status=failed");
    await page.reload();
    expect(page.url()).toEndWith("/runs?status=failed");
    page.expectNoProblems();
  });
});
