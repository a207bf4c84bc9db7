import { expect, test } from "bun:test";
import { describePages } from "#testing/browser/describe-pages.ts";

const NEW_CHAT = "/chat?agent=openai";

describePages("a chat", {}, (dashboard) => {
  const { model } = dashboard;

  test("begins with a click, streams its answer and keeps it", async () => {
    const { promise: hold, resolve: finish } = Promise.withResolvers<void>();
    model.enqueue({ text: ["Rivers ", "run **home**"], hold });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByRole("button", { name: "Write a short poem about rivers." }).click();
    const answer = page.getByRole("article", { name: "openai" });
    await answer.getByText("home", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    finish();
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    expect(page.url()).toContain("session=agent");
    await page.reload();
    expect(await answer.locator("strong").textContent()).toBe("home");
    expect(await page.getByRole("article", { name: "You" }).textContent()).toContain("poem about rivers");
    page.expectNoProblems();
  });

  test("goes on after a reload in the middle of an answer", async () => {
    const { promise: hold, resolve: finish } = Promise.withResolvers<void>();
    model.enqueue({ text: ["One two "], hold });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Count");
    await page.keyboard.press("Enter");
    const answer = page.getByRole("article", { name: "openai" });
    await answer.getByText("One two").waitFor();
    await page.reload();
    await answer.getByText("One two").waitFor();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    finish();
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    expect(await answer.count()).toBe(1);
    page.expectNoProblems();
  });

  test("is stopped, and keeps what was written so far", async () => {
    model.enqueue({ text: ["Endless "], hold: new Promise(() => {}) });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Talk");
    await page.keyboard.press("Enter");
    await page.getByText("Endless").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped", { exact: true }).waitFor();
    expect(await page.getByText("Endless").count()).toBe(1);
    page.expectNoProblems();
  });

  test("is steered while the agent works", async () => {
    const { promise: hold, resolve: finish } = Promise.withResolvers<void>();
    model.enqueue({ text: "First.", toolCalls: [{ name: "datetime", arguments: {} }], hold }, { text: "Second." });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Begin");
    await page.keyboard.press("Enter");
    await page.getByText("First.").waitFor();
    await page.getByLabel("Message", { exact: true }).fill("And be brief");
    await page.getByRole("button", { name: "Steer" }).click();
    await page.getByText("While it worked").waitFor();
    finish();
    await page.getByText("Second.").waitFor();
    expect(JSON.stringify(dashboard.lastTurns())).toContain("And be brief");
    page.expectNoProblems();
  });

  test("shows a call of a tool with its arguments and result", async () => {
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: { timezone: "Asia/Tokyo" } }] }, { text: "Done so." });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Time?");
    await page.keyboard.press("Enter");
    await page.getByText("Done so.").waitFor();
    await page.getByRole("button", { name: /datetime/ }).click();
    expect(await page.getByRole("article", { name: "openai" }).textContent()).toMatch(
      /timezone[\s\S]*Asia\/Tokyo[\s\S]*utc/,
    );
    page.expectNoProblems();
  });

  test("never makes markup of what a model writes", async () => {
    const text =
      '<img src=x onerror="alert(1)"> <script>alert(2)</script> [a](javascript:alert(3)) ![b](http://evil.example/p.png)';
    model.enqueue({ text });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Attack");
    await page.keyboard.press("Enter");
    const answer = page.getByRole("article", { name: "openai" });
    await answer.getByText("alert(2)").waitFor();
    expect(await answer.locator("img, script").count()).toBe(0);
    expect(
      await answer.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
    ).toEqual(["http://evil.example/p.png"]);
    page.expectNoProblems();
  });

  test("is edited: the answer begins a branch, and the conversation stays", async () => {
    model.enqueue({ text: "To the first." }, { text: "To the second." }, { text: "To the edited." });
    const page = await dashboard.open(NEW_CHAT);
    const field = page.getByLabel("Message", { exact: true });
    for (const [question, answer] of [
      ["Question A", "To the first."],
      ["Question B", "To the second."],
    ] as const) {
      await field.fill(question);
      await page.keyboard.press("Enter");
      await page.getByText(answer).waitFor();
      await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    }
    const before = page.url();
    await page.getByRole("article", { name: "You" }).last().hover();
    // A message is edited once it is stored.
    await page.getByRole("button", { name: "Edit and branch" }).nth(1).click();
    await field.fill("Question C");
    await page.keyboard.press("Enter");
    await page.getByText("To the edited.").waitFor();
    expect(page.url()).not.toBe(before);
    await page.getByText("Question A").waitFor();
    expect(await page.getByText("Question B").count()).toBe(0);
    await page.getByText("2 of 2").waitFor();
    await page.getByRole("button", { name: "Version before" }).click();
    await page.getByText("To the second.").waitFor();
    expect(page.url()).toBe(before);
    page.expectNoProblems();
  });

  test("says why a run failed", async () => {
    model.enqueue({ status: 401, body: { error: { message: "the key is wrong" } } });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Fail");
    await page.keyboard.press("Enter");
    await page.getByText("The run failed").waitFor();
    await page.reload();
    await page.getByText("The run failed").waitFor();
    page.expectNoProblems();
  });

  test("is read by a viewer, who may not write", async () => {
    const page = await dashboard.open(NEW_CHAT, { as: "viewer" });
    await page.getByText("You may read here, and not write.").waitFor();
    expect(await page.getByLabel("Message", { exact: true }).count()).toBe(0);
    page.expectNoProblems();
  });

  test("keeps what is written while a message is on its way", async () => {
    model.enqueue({ text: "Answer." });
    const page = await dashboard.open(NEW_CHAT);
    const field = page.getByLabel("Message", { exact: true });
    await field.fill("First words");
    await page.keyboard.press("Enter");
    await page.keyboard.type("N");
    await page.waitForURL(/session=agent/);
    await page.getByText("Answer.").waitFor();
    await page.keyboard.type("ext");
    expect(await field.inputValue()).toBe("Next");
    page.expectNoProblems();
  });

  test("gives a message back that could not be sent", async () => {
    const page = await dashboard.open("/chat?agent=nobody");
    const field = page.getByLabel("Message", { exact: true });
    await field.fill("Hello?");
    await page.keyboard.press("Enter");
    await page.getByText("The message was not sent", { exact: true }).waitFor();
    expect(await field.inputValue()).toBe("Hello?");
  });

  test("shows a message at once to a person who read above", async () => {
    model.enqueue({ text: "line\n\n".repeat(200) }, { text: "Short." });
    const page = await dashboard.open(NEW_CHAT);
    const field = page.getByLabel("Message", { exact: true });
    await field.fill("Much");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Answer again" }).waitFor();
    await page.getByRole("region", { name: "Conversation", exact: true }).hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole("button", { name: "To the end" }).waitFor();
    await field.fill("Less");
    await page.keyboard.press("Enter");
    await page.getByText("Short.").waitFor();
    await page.getByRole("button", { name: "To the end" }).waitFor({ state: "detached" });
    page.expectNoProblems();
  });

  test("sends files with words about them, and again with another answer", async () => {
    model.enqueue({ text: "Read." });
    const page = await dashboard.open(NEW_CHAT);
    await page
      .locator("input[type=file]")
      .setInputFiles([{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") }]);
    await page.getByText("5B").waitFor();
    expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    await page.getByPlaceholder("Say what to do with it").fill("Read it");
    await page.keyboard.press("Enter");
    await page.getByText("Read.", { exact: true }).waitFor();
    const sent = page.getByRole("article", { name: "You" }).getByRole("button", { name: /a\.txt/ });
    await sent.waitFor();
    const before = page.url();
    model.enqueue({ text: "Read again." });
    await page.getByRole("article", { name: "openai" }).hover();
    await page.getByRole("button", { name: "Answer again" }).click();
    await page.getByText("Read again.").waitFor();
    expect(page.url()).not.toBe(before);
    await sent.waitFor();
    page.expectNoProblems();
  });

  test("is chosen from those of one agent, and the list stays so", async () => {
    const other = await dashboard.anAgent();
    model.enqueue({ text: "Here." });
    const page = await dashboard.open(`/chat?agent=${other}`);
    await page.getByLabel("Message", { exact: true }).fill("Where?");
    await page.keyboard.press("Enter");
    await page.getByText("Here.").waitFor();
    await page.getByRole("combobox", { name: "Agent" }).click();
    await page.getByRole("option", { name: other, exact: true }).click();
    const rows = page.getByRole("region", { name: "Conversations" }).getByRole("link");
    await page.waitForURL(/of=/);
    await rows.filter({ hasText: "openai" }).nth(1).waitFor({ state: "detached" });
    await rows.first().click();
    expect(await page.getByRole("combobox", { name: "Agent" }).textContent()).toBe(other);
    await page.getByText("Here.").waitFor();
    await page.getByRole("link", { name: "New chat" }).click();
    await page.getByText(`Talk to ${other}`).waitFor();
    page.expectNoProblems();
  });

  test("on a phone leaves the keyboard open when it begins, and closed when it is only read", async () => {
    model.enqueue({ text: "Hello from the road." });
    const page = await dashboard.open(NEW_CHAT, { viewport: "phone" });
    await page.getByLabel("Message", { exact: true }).fill("Hello");
    await page.getByRole("button", { name: "Send" }).tap();
    await page.getByText("Hello from the road.").waitFor();
    await page.locator("textarea:focus").waitFor();
    await page.reload();
    await page.getByText("Hello from the road.").waitFor();
    expect(await page.locator("textarea:focus").count()).toBe(0);
    page.expectNoProblems();
  });

  test("is renamed by keyboard, and the focus comes back to the menu", async () => {
    model.enqueue({ text: "Named." });
    const page = await dashboard.open(NEW_CHAT);
    await page.getByLabel("Message", { exact: true }).fill("Name it");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Answer again" }).waitFor();
    const menu = page.getByRole("button", { name: "More actions" });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Rename" }).press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "By keyboard" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.locator(":focus").getAttribute("aria-label")).toBe("More actions");
    page.expectNoProblems();
  });
});
