import { afterAll, describe, expect, test } from "bun:test";
import { ANN, GROUP, refusal } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { untilState } from "#testing/channels/until-state.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a bot of Telegram on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, call, model } = gateway;
  afterAll(() => gateway.stop());
  const runsOf = async (session: string) =>
    (await call("GET", `/v1/runs?session_key=${encodeURIComponent(session)}`)).body.runs;

  test("answers in private, in the markup of Telegram", async () => {
    const { telegram, name, texts } = await aBot();
    model.script(() => ({ text: "**Xin chào** <Ann> & _bạn_\n```ts\na < b\n```" }));
    telegram.say({ text: "chào" });
    expect(await texts(1)).toEqual(["Xin chào <Ann> & bạn\na < b"]);
    const [sent] = telegram.callsOf("sendMessage");
    expect(sent?.params).toMatchObject({ chat_id: "42", parse_mode: "HTML" });
    expect(sent?.params.text).toContain('<pre><code class="language-ts">a &lt; b</code></pre>');
    expect(telegram.callsOf("sendChatAction").length).toBeGreaterThan(0);
    const [run] = await runsOf(`agent:openai:${name}:direct:42`);
    expect(run).toMatchObject({ kind: "channel", user_id: "telegram:42", status: "completed" });
  });

  test("handles an update once that Telegram delivers again", async () => {
    const { telegram, name, texts } = await aBot();
    model.script(() => ({ text: "once" }));
    const update = telegram.update({ text: "hello" });
    for (let times = 0; times < 3; times++) telegram.push(update);
    await texts(1);
    telegram.push(update);
    telegram.say({ text: "another" });
    expect(await texts(2)).toEqual(["once", "once"]);
    expect(await runsOf(`agent:openai:${name}:direct:42`)).toHaveLength(2);
  });

  test("sends a text as it is whose markup Telegram refuses", async () => {
    const { telegram, texts } = await aBot();
    model.script(() => ({ text: "**bold**" }));
    telegram.intercept = ({ params }) =>
      params.parse_mode === "HTML" ? refusal(400, "Bad Request: can't parse entities: x") : undefined;
    telegram.say({ text: "hello" });
    expect(await texts(1)).toEqual(["**bold**"]);
  });

  test("cuts a long answer into whole pieces, and closes a block of code in each", async () => {
    const { telegram, texts } = await aBot();
    const code = Array.from({ length: 400 }, (_, line) => `print("${line}: ${"x".repeat(20)}")`).join("\n");
    model.script(() => ({ text: `Look:\n\`\`\`py\n${code}\n\`\`\`\nThat was it.` }));
    telegram.say({ text: "hello" });
    const all = await texts(4);
    expect(all.every((text) => text.length <= 4_096)).toBe(true);
    expect(all.join("\n")).toBe(`Look:\n${code}\nThat was it.`);
    for (const { params } of telegram.callsOf("sendMessage")) {
      expect(params.text.match(/<pre>/g)?.length).toBe(params.text.match(/<\/pre>/g)?.length);
    }
  });

  test("waits as long as Telegram asks for, and keeps the order", async () => {
    const { telegram, texts } = await aBot();
    model.script(({ messages }) => ({ text: `re: ${messages.at(-1)?.text}` }));
    let refused = 0;
    telegram.intercept = ({ method }) =>
      method === "sendMessage" && refused++ < 1 ? refusal(429, "Too Many Requests", { retry_after: 1 }) : undefined;
    telegram.say({ text: "one" });
    telegram.say({ text: "two", from: { ...ANN, id: 43 } });
    expect(await texts(2)).toEqual(["re: one", "re: two"]);
  });

  test("sends nothing twice whose outcome is unknown, and goes on with the next message", async () => {
    const { telegram, texts, id } = await aBot();
    model.script(({ messages }) => ({ text: `re: ${messages.at(-1)?.text}` }));
    let calls = 0;
    telegram.intercept = ({ method }) =>
      method === "sendMessage" && calls++ === 0 ? new Response("<html>bad gateway</html>", { status: 502 }) : undefined;
    telegram.say({ text: "lost" });
    while (calls === 0) await Bun.sleep(10);
    telegram.say({ text: "next" });
    expect(await texts(1)).toEqual(["re: next"]);
    const rows = await endedOf(id, 2);
    expect(rows.map(({ state }) => state)).toEqual(["uncertain", "sent"]);
  });

  /** Waits until the outbox has ended with this many messages, and returns them. */
  const endedOf = async (id: string, count: number) => {
    const { read } = gateway.gateway.database.system("a test of the outbox");
    for (;;) {
      const rows = await read
        .selectFrom("channel_outbound")
        .selectAll()
        .where("instance_id", "=", id)
        .where("ended_at", "is not", null)
        .orderBy("id")
        .execute();
      if (rows.length >= count) return rows;
      await Bun.sleep(10);
    }
  };

  test("gives up a chat that blocked it, and serves the others", async () => {
    const { telegram, texts, id } = await aBot();
    model.script(() => ({ text: "hello" }));
    telegram.intercept = ({ method, params }) =>
      method === "sendMessage" && params.chat_id === "13"
        ? refusal(403, "Forbidden: bot was blocked by the user")
        : undefined;
    telegram.say({ text: "hi", from: { ...ANN, id: 13 }, chat: { id: 13, type: "private" } });
    telegram.say({ text: "hi" });
    await texts(1);
    const rows = await endedOf(id, 2);
    expect(rows.map(({ chat_key, state }) => [chat_key, state]).toSorted()).toEqual([
      ["direct:13", "failed"],
      ["direct:42", "sent"],
    ]);
  });

  test("answers in a group only where it is named, in the right topic, and as a reply", async () => {
    const { telegram, name, texts } = await aBot();
    model.script(() => ({ text: "here" }));
    const topic = { chat: GROUP, is_topic_message: true, message_thread_id: 77 };
    telegram.say({ ...topic, text: "just talking" });
    const text = "@helper_bot come";
    telegram.say({ ...topic, text, entities: [{ type: "mention", offset: 0, length: 11 }], message_id: 900 });
    expect(await texts(1, GROUP.id)).toEqual(["here"]);
    const [sent] = telegram.callsOf("sendMessage");
    expect(sent?.params).toMatchObject({ message_thread_id: 77, reply_parameters: { message_id: 900 } });
    expect(gateway.lastTurns().at(-1)?.text).toContain("[Ann] just talking");
    expect(await runsOf(`agent:openai:${name}:group:${GROUP.id}:topic:77`)).toHaveLength(1);
  });

  test("keeps the conversation of a group that gets a new id", async () => {
    const { telegram, name, texts } = await aBot({ require_mention: false });
    model.script(({ messages }) => ({ text: `turn ${messages.filter(({ role }) => role === "user").length}` }));
    const old = { id: -55, type: "group", title: "Old" };
    telegram.say({ chat: old, text: "first" });
    expect(await texts(1, -55)).toEqual(["turn 1"]);
    telegram.say({ chat: old, migrate_to_chat_id: GROUP.id });
    telegram.say({ chat: GROUP, text: "second" });
    expect(await texts(1, GROUP.id)).toEqual(["turn 2"]);
    expect(await runsOf(`agent:openai:${name}:group:-55`)).toHaveLength(2);
  });

  test("sends an answer to the new id of its group", async () => {
    const { telegram, texts } = await aBot({ require_mention: false });
    model.script(() => ({ text: "moved" }));
    telegram.intercept = ({ method, params }) =>
      method === "sendMessage" && params.chat_id === "-55"
        ? refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: GROUP.id })
        : undefined;
    telegram.say({ chat: { id: -55, type: "group" }, text: "first" });
    expect(await texts(1, GROUP.id)).toEqual(["moved"]);
  });

  test("reports a token that Telegram revokes, and works again with a new one", async () => {
    const { telegram, id, texts } = await aBot();
    model.script(() => ({ text: "back" }));
    telegram.intercept = ({ method }) => (method === "getUpdates" ? refusal(401, "Unauthorized") : undefined);
    telegram.say({ text: "wake up" });
    expect(await untilState(gateway, id, "failed")).toMatchObject({ reason: "credentials_refused" });
    telegram.intercept = undefined;
    const credentials = { token: telegram.token, api_server: telegram.apiRoot };
    await call("PUT", `/v1/channel-instances/${id}`, { credentials });
    const { story } = await untilState(gateway, id, "healthy");
    expect(story.map(({ state }: { state: string }) => state)).toEqual(
      expect.arrayContaining(["registered", "starting", "healthy", "failed"]),
    );
    expect((await texts(1))[0]).toBe("back");
  });

  test("reports that another program takes its messages, and tries again", async () => {
    const { telegram, id } = await aBot();
    telegram.intercept = ({ method }) =>
      method === "getUpdates" ? refusal(409, "Conflict: terminated by other getUpdates request") : undefined;
    telegram.say({ text: "wake up" });
    expect(await untilState(gateway, id, "degraded")).toMatchObject({ reason: "conflict" });
    telegram.intercept = undefined;
    await untilState(gateway, id, "healthy");
  });

  test("stops when it is switched off, and keeps what was said meanwhile", async () => {
    const { telegram, id, texts } = await aBot();
    model.script(() => ({ text: "on again" }));
    await call("PUT", `/v1/channel-instances/${id}`, { enabled: false });
    await untilState(gateway, id, "stopped");
    telegram.say({ text: "are you there?" });
    await call("PUT", `/v1/channel-instances/${id}`, { enabled: true });
    expect(await texts(1)).toEqual(["on again"]);
  });

  test("lets an answer grow in one message, where the instance says so", async () => {
    const { telegram, texts } = await aBot({ dm_stream: true });
    const beginning = "This is the beginning of an answer that is long enough to be shown.";
    const held = Promise.withResolvers<void>();
    model.script(() => ({ text: [beginning, " And its **end**."], hold: held.promise }));
    telegram.say({ text: "hello" });
    expect((await texts(1))[0]).toStartWith(beginning);
    held.resolve();
    while (telegram.textsIn(42)[0] !== `${beginning} And its end.`) await Bun.sleep(10);
    expect(telegram.textsIn(42)).toHaveLength(1);
  });

  test("sends the whole answer anew if its growing message is gone", async () => {
    const { telegram, texts } = await aBot({ dm_stream: true });
    const text = "This is an answer that is long enough to be shown while it grows.";
    const held = Promise.withResolvers<void>();
    model.script(() => ({ text, hold: held.promise }));
    telegram.intercept = ({ method }) =>
      method === "editMessageText" ? refusal(400, "Bad Request: message to edit not found") : undefined;
    telegram.say({ text: "hello" });
    await texts(1);
    held.resolve();
    expect((await texts(2))[1]).toBe(text);
  });

  test("shows nothing of an answer that stays silent", async () => {
    const { telegram, texts, name } = await aBot({ dm_stream: true });
    model.script(({ messages }) => ({
      text: messages.at(-1)?.text === "and now?" ? "I speak." : "NO_REPLY because nobody asked me anything at all here",
    }));
    telegram.say({ text: "hello" });
    while ((await runsOf(`agent:openai:${name}:direct:42`))[0]?.status !== "completed") await Bun.sleep(10);
    telegram.say({ text: "and now?" });
    expect(await texts(1)).toEqual(["I speak."]);
  });

  test("never shows its token", async () => {
    const { telegram, id } = await aBot();
    telegram.intercept = () => new Response("<html>", { status: 502 });
    telegram.say({ text: "wake up" });
    const status = await untilState(gateway, id, "degraded");
    expect(JSON.stringify(status)).not.toContain(telegram.token);
  });
});
