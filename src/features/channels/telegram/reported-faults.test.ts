import { afterAll, describe, expect, test } from "bun:test";
import { GROUP, refusal } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { untilState } from "#testing/channels/until-state.ts";
import { testDialects } from "#testing/test-database.ts";

// How bots of other gateways broke, as their users reported it. The links lead to the reports.

describe.each([...testDialects()])("what broke elsewhere on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, model } = gateway;
  afterAll(() => gateway.stop());

  // https://github.com/anthropics/claude-plugins-official/issues/1128
  // https://github.com/NousResearch/hermes-agent/pull/2477
  test.each([
    ["a page of a proxy", () => new Response("<html>502 Bad Gateway</html>", { status: 502 })],
    ["an error of Telegram itself", () => refusal(500, "Internal Server Error")],
    ["a limit", () => refusal(429, "Too Many Requests", { retry_after: 1 })],
    [
      "half an answer",
      () => new Response('{"ok":true,"result":[{"upd', { headers: { "Content-Type": "application/json" } }),
    ],
    ["nothing at all", () => new Response(null, { status: 204 })],
  ])("a bot polls on after %s", async (_, answer) => {
    const { telegram, id, texts } = await aBot();
    model.script(() => ({ text: "still here" }));
    let failures = 0;
    telegram.intercept = ({ method }) => (method === "getUpdates" && failures++ === 0 ? answer() : undefined);
    telegram.say({ text: "wake up" });
    while (failures === 0) await Bun.sleep(10);
    telegram.say({ text: "are you there?" });
    expect((await texts(1))[0]).toBe("still here");
    await untilState(gateway, id, "healthy");
  });

  // https://github.com/openclaw/openclaw/pull/874 and https://github.com/tdlib/telegram-bot-api/issues/447
  test("an answer in the topic General names no topic, although the message replies in a thread", async () => {
    const { telegram, texts } = await aBot({ require_mention: false });
    model.script(() => ({ text: "general" }));
    telegram.say({ chat: { ...GROUP, is_forum: true }, text: "hello", message_thread_id: 555 });
    expect(await texts(1, GROUP.id)).toEqual(["general"]);
  });

  // https://github.com/tucnak/telebot/issues/762
  test("an answer whose topic is gone reaches the group", async () => {
    const { telegram, texts } = await aBot({ require_mention: false });
    model.script(() => ({ text: "anyway" }));
    telegram.say({ chat: GROUP, text: "hello", is_topic_message: true, message_thread_id: 999 });
    expect(await texts(1, GROUP.id)).toEqual(["anyway"]);
    expect(telegram.shown.at(-1)?.thread).toBeUndefined();
  });

  // https://github.com/openclaw/openclaw/issues/4071
  test("addresses in angle brackets arrive as they are", async () => {
    const { telegram, texts } = await aBot();
    const text = 'From: **Chad** <chad@example.com> & "Anna" <a href="x">';
    model.script(() => ({ text }));
    telegram.say({ text: "mail?" });
    expect(await texts(1)).toEqual([text.replaceAll("**", "")]);
    expect(telegram.callsOf("sendMessage")).toHaveLength(1);
  });

  // https://github.com/openclaw/openclaw/issues/81799
  test("a piece of a long answer that falls back to plain text shows no tags", async () => {
    const { telegram, texts } = await aBot();
    model.script(() => ({ text: Array.from({ length: 400 }, (_, line) => `**${line}** is _a_ line`).join("\n") }));
    telegram.intercept = ({ method, params }) =>
      method === "sendMessage" && params.parse_mode ? refusal(400, "Bad Request: can't parse entities: x") : undefined;
    telegram.say({ text: "go" });
    const all = (await texts(2)).join("\n");
    expect(all).not.toMatch(/<\/?\w/);
    expect(all).toContain("**399** is _a_ line");
  });

  // https://github.com/openclaw/openclaw/issues/91383
  test("a long answer that begins with links is whole from its beginning", async () => {
    const { telegram, texts } = await aBot();
    const link = (n: number) => `**[Meter ${n}](https://example.com/${"path/".repeat(30)}${n})**`;
    model.script(() => ({ text: Array.from({ length: 40 }, (_, n) => link(n)).join(" ") }));
    telegram.say({ text: "links?" });
    const all = await texts(2);
    expect(all[0]).toStartWith("Meter 0 Meter 1");
    expect(all.join(" ").match(/Meter \d+/g)).toHaveLength(40);
  });

  // https://github.com/openclaw/openclaw/pull/83873
  test("the agent reads links that a word hides, and code as code", async () => {
    const { telegram, texts } = await aBot();
    model.script(() => ({ text: "read" }));
    const text = "😀 see here and run npm `i`";
    const entities = [
      { type: "text_link", offset: text.indexOf("here"), length: 4, url: "https://example.com/a" },
      { type: "code", offset: text.indexOf("npm"), length: 7 },
    ];
    telegram.say({ text, entities });
    await texts(1);
    expect(gateway.lastTurns().at(-1)?.text).toBe("😀 see [here](https://example.com/a) and run ``npm `i```");
  });

  // https://github.com/NousResearch/hermes-agent/pull/11940
  test("a command that Telegram delivers again is carried out once", async () => {
    const { telegram, texts } = await aBot();
    model.script(({ messages }) => ({ text: `turn ${messages.filter(({ role }) => role === "user").length}` }));
    const reset = telegram.update({ text: "/reset" });
    telegram.push(reset);
    await texts(1);
    telegram.say({ text: "one" });
    await texts(2);
    telegram.push(reset);
    telegram.say({ text: "two" });
    expect((await texts(3)).slice(1)).toEqual(["turn 1", "turn 2"]);
  });

  // https://github.com/ClickHouse/nerve/pull/171
  test("nothing that waits at Telegram is thrown away at a start", async () => {
    const { telegram } = await aBot();
    expect(telegram.callsOf("deleteWebhook").map(({ params }) => params)).toEqual([{ drop_pending_updates: false }]);
  });
});
