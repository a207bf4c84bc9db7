import { afterAll, expect, test } from "bun:test";
import { breakCall, FAULT, FAULT_REQUEST, replaceCall } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import type { DashboardPage, OpenOptions } from "#testing/browser/dashboard-fixture.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { aWebhookInstance, deliver, startCallbackServer } from "#testing/channels/webhook-program.ts";

describePages("the outbox of an account", { data: "rich" }, (dashboard) => {
  const openBot = async (options: OpenOptions = {}): Promise<DashboardPage> => {
    const { body } = await dashboard.call("GET", "/v1/channel-instances?search=helper-bot");
    return dashboard.open(`/channels?item=${body.instances[0].id}&part=outbox`, options);
  };

  test("shows what became of each message, and why", async () => {
    const page = await openBot();
    const messages = page.getByRole("region", { name: "Outbox" }).getByRole("listitem");
    await messages.filter({ hasText: "direct:53" }).getByText("Trying again").waitFor();
    await messages
      .filter({ hasText: "direct:53" })
      .getByText(/next attempt at/)
      .waitFor();
    await messages.filter({ hasText: "direct:52" }).getByText("May have arrived").waitFor();
    await messages
      .filter({ hasText: "direct:51" })
      .getByText(/bot was blocked by the user/)
      .waitFor();
    expect(await messages.filter({ hasText: "direct:53" }).getByRole("button").count()).toBe(0);
    expect(await messages.filter({ hasText: "direct:42" }).getByRole("button").count()).toBe(0);
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("is filtered by state, in the address", async () => {
    const page = await openBot();
    const messages = page.getByRole("region", { name: "Outbox" }).getByRole("listitem");
    await messages.nth(3).waitFor();
    await page.getByRole("combobox", { name: "State" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "Not sent" }).waitFor();
    await page.keyboard.type("Not");
    await page
      .getByRole("option", { name: "Not sent", selected: false })
      .and(page.locator("[data-highlighted]"))
      .waitFor();
    await page.keyboard.press("Enter");
    await messages.nth(1).waitFor({ state: "detached" });
    expect(await messages.textContent()).toContain("direct:51");
    expect(new URL(page.url()).searchParams.get("show")).toBe("failed");
    await page.reload();
    await messages.getByText("direct:51").waitFor();
    expect(await messages.count()).toBe(1);
    await page.getByRole("link", { name: "Run" }).click();
    await page.getByText("The TX-2 is back in stock on Friday.").first().waitFor();
    page.expectNoProblems();
  });

  test("asks before it sends what may have arrived", async () => {
    const page = await openBot();
    const message = page.getByRole("region", { name: "Outbox" }).getByRole("listitem").filter({ hasText: "direct:52" });
    await message.getByRole("button", { name: "Send again" }).click();
    const question = page.getByRole("dialog", { name: "Send it again?" });
    await question.getByText("people will read it twice").waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    const before = await message.textContent();
    await message.getByRole("button", { name: "Send again" }).click();
    await question.getByRole("button", { name: "Send again" }).click();
    await page.getByText("The message is on its way again", { exact: true }).waitFor();
    await message.getByText("2 attempts").waitFor();
    expect(before).not.toContain("2 attempts");
    page.expectNoProblems();
  });

  test.each([
    ["vi", "Hộp thư đi", "Chưa gửi được"],
    ["zh", "发件箱", "未发送"],
  ] as const)("speaks %s, and fits on a phone", async (language, name, state) => {
    const page = await openBot({ language, viewport: "phone", theme: "dark" });
    const list = page.getByRole("region", { name });
    await list.getByText(state, { exact: true }).waitFor();
    const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate<number>(overhang)).toBe(0);
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("is for administrators, and offered to nobody else", async () => {
    const page = await openBot({ as: "operator" });
    await page.getByRole("dialog").getByText("In private").waitFor();
    expect(await page.getByRole("tab", { name: "Outbox" }).count()).toBe(0);
    expect(await page.getByText("bot was blocked").count()).toBe(0);
    page.expectNoProblems();
  });

  test("says that it could not be loaded, and leaves the account alone", async () => {
    const page = await openBot();
    await breakCall(page, "channels.outbound.list");
    await page.reload();
    const alert = page.getByRole("alert");
    await alert.getByText(FAULT).waitFor();
    expect(await alert.textContent()).toContain(FAULT_REQUEST);
    await page.getByRole("tab", { name: "Account" }).click();
    await page.getByRole("dialog").getByText("In private").waitFor();
  });

  test("says that nothing was sent yet", async () => {
    const page = await openBot();
    await replaceCall(page, "channels.outbound.list", { messages: [], total: 0, limit: 100, offset: 0 });
    await page.reload();
    await page.getByText("Nothing has been sent yet").waitFor();
    await page.goto(`${page.url()}&show=sent`);
    await page.getByText("No message is in this state").waitFor();
    page.expectNoProblems();
  });
});

const callbacks = startCallbackServer();
afterAll(() => callbacks.stop());

describePages("an outbox that is open", { allowHosts: [`127.0.0.1:${callbacks.port}`] }, (dashboard) => {
  test("shows messages as they go, and sends one again that the program refused, by the keyboard alone", async () => {
    callbacks.answer = () => new Response(null, { status: 400 });
    dashboard.model.script(() => ({ text: "Your parcel has left the warehouse." }));
    const id = await aWebhookInstance(dashboard, { agent_id: "openai", config: { callback_url: callbacks.url } });
    const page = await dashboard.open(`/channels?item=${id}&part=outbox`);
    await page.getByText("Nothing has been sent yet").waitFor();
    await deliver(dashboard, id, { message_id: "m", chat_id: "till", text: "Where is it?" });
    const message = page
      .getByRole("region", { name: "Outbox" })
      .getByRole("listitem")
      .filter({ hasText: "direct:till" });
    await message.getByText("Not sent", { exact: true }).waitFor();
    await message.getByText("the receiver answered 400").waitFor();
    callbacks.answer = () => new Response("ok");
    await message.getByRole("button", { name: "Send again" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("The message is on its way again", { exact: true }).waitFor();
    await message.getByText("Sent", { exact: true }).waitFor();
    expect(await message.getByRole("button").count()).toBe(0);
    expect(callbacks.received.map(({ body }) => body.text)).toEqual([
      ...["Your parcel has left the warehouse.", "Your parcel has left the warehouse."],
    ]);
    page.expectNoProblems();
  });
});
