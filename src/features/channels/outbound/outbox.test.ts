import { afterAll, describe, expect, test } from "bun:test";
import { refusal } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { aWebhookInstance, deliver, startCallbackServer } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { TestGateway } from "#testing/test-gateway.ts";

const pathOf = (id: string) => `/v1/channel-instances/${id}/outbound`;

/** Reads the outbox of an instance until it is as a test needs it. */
// biome-ignore lint/suspicious/noExplicitAny: tests read any part of a message
async function untilListed({ call }: Pick<TestGateway, "call">, id: string, isReached: (messages: any[]) => boolean) {
  for (;;) {
    const { messages } = (await call("GET", pathOf(id))).body;
    if (isReached(messages)) return messages;
    await Bun.sleep(10);
  }
}

describe.each([...testDialects()])("the outbox of a program on %s", async (dialect) => {
  const callbacks = startCallbackServer();
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    allowHosts: [`127.0.0.1:${callbacks.port}`],
  });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await callbacks.stop();
  });
  model.script(({ messages }) => ({ text: `re: ${messages.at(-1)?.text}` }));
  const aProgram = () => aWebhookInstance(gateway, { agent_id: "openai", config: { callback_url: callbacks.url } });
  const answerWith = (status: number) => {
    callbacks.answer = () => new Response(null, { status });
  };
  const untilState = (id: string, state: string) =>
    untilListed(gateway, id, ([newest]) => newest?.state === state && (state !== "pending" || newest.error));
  const retry = (id: string, messageId: string, body: object = {}, options = {}) =>
    call("POST", `${pathOf(id)}/${messageId}/retry`, body, options);

  /** Waits for the event that a message was sent. Returns it and the one before it. */
  async function lastEventsSince(cursor: string) {
    for (;;) {
      const { events } = (await call("GET", `/v1/events?after=${cursor}`)).body;
      const told = events.filter(({ type }: { readonly type: string }) => type.startsWith("channel_message."));
      if (told.at(-1)?.state === "sent") return told.slice(-2);
      await Bun.sleep(10);
    }
  }

  test("shows why a message failed, and sends it again", async () => {
    const id = await aProgram();
    answerWith(400);
    await deliver(gateway, id, { message_id: "m", chat_id: "till", text: "hello" });
    const [failed] = await untilState(id, "failed");
    expect(failed).toMatchObject({
      ...{ instance_id: id, chat: "direct:till", preview: "re: hello", media_count: 0, attempt: 1 },
      ...{ parts: 1, parts_sent: 0, error: "the receiver answered 400" },
      ...{ run_id: expect.any(String), ended_at: expect.any(String) },
    });
    expect(failed.next_attempt_at).toBeUndefined();
    answerWith(200);
    const { cursor } = (await call("GET", "/v1/events")).body;
    const { status, body } = await retry(id, failed.id);
    expect([status, body]).toMatchObject([200, { id: failed.id, state: "pending", parts_sent: 0 }]);
    const [sent] = await untilState(id, "sent");
    expect(sent).toMatchObject({ id: failed.id, attempt: 2, parts_sent: 1 });
    expect(sent.error).toBeUndefined();
    expect(await lastEventsSince(cursor)).toMatchObject([
      { type: "channel_message.retried", id: failed.id, target: "direct:till" },
      { type: "channel_message.updated", id: failed.id, instance_id: id, state: "sent" },
    ]);
    const { logs } = (await call("GET", "/v1/activity?action=channel_message.retried")).body;
    expect(logs).toMatchObject([{ entity_id: failed.id, details: { target: "direct:till" } }]);
    expect((await retry(id, failed.id)).body.error).toMatchObject({
      ...{ code: "FAILED_PRECONDITION", message: "the message was sent already" },
      details: { reason: "message_sent" },
    });
  });

  test("says when a message is tried again, and leaves it alone until then", async () => {
    const id = await aProgram();
    answerWith(503);
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    const [pending] = await untilListed(gateway, id, ([newest]) => newest?.error && newest.next_attempt_at);
    expect(pending).toMatchObject({ state: "pending", error: "the receiver answered 503", parts_sent: 0 });
    expect(pending.ended_at).toBeUndefined();
    const { status, body } = await retry(id, pending.id, {}, { headers: { "Accept-Language": "vi" } });
    expect([status, body.error.details.reason]).toEqual([409, "message_pending"]);
    expect(body.error.message).toBe("tin nhắn vẫn đang được gửi đi");
    answerWith(200);
    await untilState(id, "sent");
  });

  test("tries for another day what is sent again long after it was made", async () => {
    const id = await aProgram();
    answerWith(400);
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    const [failed] = await untilState(id, "failed");
    const system = gateway.gateway.database.system("a test of an old message");
    await system.write((queries) =>
      queries
        .updateTable("channel_outbound")
        .set({ created_at: "2020-01-01T00:00:00.000Z" })
        .where("id", "=", failed.id)
        .execute(),
    );
    answerWith(503);
    await retry(id, failed.id);
    expect((await untilState(id, "pending"))[0].error).toBe("the receiver answered 503");
    answerWith(200);
    await untilState(id, "sent");
  });

  test("has the answers that the program fetches itself, which nobody sends", async () => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai" });
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    const [held] = (await call("GET", pathOf(id))).body.messages;
    expect(held).toMatchObject({ state: "held", preview: "re: hello" });
    expect((await retry(id, held.id)).body.error.details.reason).toBe("message_held");
  });

  test("is listed newest first, by state and by page", async () => {
    const id = await aProgram();
    answerWith(200);
    for (const text of ["first", "second", "third"]) {
      if (text === "third") answerWith(400);
      await deliver(gateway, id, { message_id: text, text });
      await untilListed(gateway, id, ([newest]) => newest?.preview === `re: ${text}` && newest.ended_at);
    }
    const list = async (query: string) => {
      const { body } = await call("GET", `${pathOf(id)}?${query}`);
      return [body.total, ...body.messages.map(({ preview }: { readonly preview: string }) => preview)];
    };
    expect(await list("")).toEqual([3, "re: third", "re: second", "re: first"]);
    expect(await list("limit=1&offset=1")).toEqual([3, "re: second"]);
    expect(await list("state=sent")).toEqual([2, "re: second", "re: first"]);
    expect(await list("state=failed")).toEqual([1, "re: third"]);
    expect((await call("GET", `${pathOf(id)}?state=draft`)).status).toBe(400);
  });

  test("sends no message of another account", async () => {
    const [id, other] = [await aProgram(), await aProgram()];
    answerWith(400);
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    const [failed] = await untilState(id, "failed");
    expect((await retry(other, failed.id)).status).toBe(404);
    expect((await call("GET", pathOf(other))).body.messages).toEqual([]);
  });
});

describe.each([...testDialects()])("the outbox of a bot on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, call, model } = gateway;
  afterAll(() => gateway.stop());
  /** An answer that Telegram takes in three messages. */
  const parts = ["one ", "two ", "three "].map((word) => word.repeat(650).trim());
  const isWhole = (texts: readonly string[]) => texts.map((text) => text.split(" ")[0]);
  const retry = (id: string, messageId: string, body: object) => call("POST", `${pathOf(id)}/${messageId}/retry`, body);

  /** Lets a bot answer in three messages, of which Telegram answers the second one like this, once. */
  async function anAnswer(second: () => Response) {
    const bot = await aBot();
    model.script(() => ({ text: parts.join("\n\n") }));
    let calls = 0;
    bot.telegram.intercept = ({ method }) => (method === "sendMessage" && calls++ === 1 ? second() : undefined);
    bot.telegram.say({ text: "hello" });
    const [message] = await untilListed(gateway, bot.id, ([newest]) => newest?.ended_at);
    return { ...bot, message, shown: () => isWhole(bot.telegram.textsIn(42)) };
  }

  test("sends only what did not arrive of a message that failed", async () => {
    const { id, message, shown } = await anAnswer(() => refusal(400, "Bad Request: no"));
    expect(message).toMatchObject({ state: "failed", parts: 3, parts_sent: 1 });
    expect((await retry(id, message.id, {})).status).toBe(200);
    const [sent] = await untilListed(gateway, id, ([newest]) => newest.state === "sent");
    expect(sent).toMatchObject({ parts: 3, parts_sent: 3 });
    expect(shown()).toEqual(["one", "two", "three"]);
  });

  test("repeats the part whose outcome is unknown, and no other, once somebody accepts that", async () => {
    const { id, message, shown } = await anAnswer(() => new Response("<html>bad gateway</html>", { status: 502 }));
    expect(message).toMatchObject({ state: "uncertain", attempt: 2, parts: 3, parts_sent: 2 });
    expect(shown()).toEqual(["one", "three"]);
    const refused = await retry(id, message.id, {});
    expect([refused.status, refused.body.error.details.reason]).toEqual([409, "outcome_unknown"]);
    expect((await retry(id, message.id, { may_repeat: true })).body).toMatchObject({ state: "pending", parts_sent: 2 });
    const [sent] = await untilListed(gateway, id, ([newest]) => newest.state === "sent");
    expect(sent).toMatchObject({ parts: 3, parts_sent: 3 });
    expect(sent.error).toBeUndefined();
    expect(shown()).toEqual(["one", "three", "two"]);
  });

  test("stays uncertain where the part is lost once more", async () => {
    const { id, telegram, message, shown } = await anAnswer(() => new Response("no", { status: 502 }));
    telegram.intercept = ({ method }) => (method === "sendMessage" ? new Response("no", { status: 502 }) : undefined);
    await retry(id, message.id, { may_repeat: true });
    const [lost] = await untilListed(gateway, id, ([newest]) => newest.ended_at);
    expect(lost).toMatchObject({ state: "uncertain", parts_sent: 2 });
    telegram.intercept = undefined;
    await retry(id, message.id, { may_repeat: true });
    await untilListed(gateway, id, ([newest]) => newest.state === "sent");
    expect(shown()).toEqual(["one", "three", "two"]);
  });
});
