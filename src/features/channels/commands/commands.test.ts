import { afterAll, describe, expect, test } from "bun:test";
import { parseCommand } from "#features/channels/commands/parse-command.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

test.each([
  ["/stop", "stop"],
  [" /STOP@helper_bot now", "stop"],
  ["/stopall", "stopall"],
  ["/new", "reset"],
  ["Dừng lại!", "cancel"],
  ["停止。", "cancel"],
  ["@helper_bot cancel", "cancel"],
  ["/stopper", undefined],
  ["/etc/passwd", undefined],
  ["stop the presses", undefined],
  ["/constructor", undefined],
])("%p is the command %p", (text, command) => {
  expect(parseCommand(text)).toBe(command as ReturnType<typeof parseCommand>);
});

describe.each([...testDialects()])("commands in a chat on %s", async (dialect) => {
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    env: { GOCLAW_GATEWAY_MAX_MESSAGE_CHARS: "200" },
  });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());
  let messages = 0;
  const open = async (config: object = {}, fields: object = {}) => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai", config, ...fields });
    const { name } = (await call("GET", `/v1/channel-instances/${id}`)).body;
    const session = encodeURIComponent(`agent:openai:${name}:direct:ann`);
    return {
      say: async (text: string, more: object = {}) => {
        const { body } = await deliver(gateway, id, { message_id: `m${++messages}`, text, ...more });
        return [body.status, ...(body.replies ?? []).map((reply: { text: string }) => reply.text)];
      },
      runs: async () => (await call("GET", `/v1/runs?session_key=${session}`)).body.runs,
      history: async () => (await call("GET", `/v1/sessions/${session}/messages`)).body.messages,
    };
  };

  test("help answers in the sender's language and starts no run", async () => {
    const { say, runs } = await open();
    expect((await say("/help", { locale: "vi-VN" }))[1]).toStartWith("Tôi là openai.");
    expect((await say("/start", { locale: "zh" }))[1]).toStartWith("我是 openai。");
    expect(await runs()).toEqual([]);
  });

  test.each(["/stop", "hủy"])("%s stops the answer that is on its way", async (word) => {
    const { say, runs } = await open({ reply_wait_ms: 0 });
    const begun = Promise.withResolvers<void>();
    model.script(() => {
      begun.resolve();
      return { text: "a long answer", hold: new Promise<never>(() => {}) };
    });
    expect(await say("write a book")).toEqual(["accepted"]);
    await begun.promise;
    await say(word);
    while ((await runs())[0]?.status !== "cancelled") await Bun.sleep(10);
    expect(await runs()).toHaveLength(1);
  });

  test("a word that stops is a message like any other where nothing runs", async () => {
    const { say } = await open();
    model.script(() => ({ text: "stop what?" }));
    expect(await say("stop")).toEqual(["answered", "stop what?"]);
    expect((await say("/stop"))[1]).toBe("Nothing is running.");
  });

  test("stopall ends the waiting messages too", async () => {
    const { say, runs } = await open({ reply_wait_ms: 0 });
    const begun = Promise.withResolvers<void>();
    model.script(() => {
      begun.resolve();
      return { text: "never", hold: new Promise<never>(() => {}) };
    });
    await say("one");
    await begun.promise;
    await say("two");
    while ((await runs()).length < 2) await Bun.sleep(10);
    await say("/stopall");
    const open2 = async () => (await runs()).filter(({ status }: { status: string }) => status !== "cancelled");
    while ((await open2()).length > 0) await Bun.sleep(10);
    expect(await runs()).toHaveLength(2);
  });

  test("reset begins a new conversation, and status counts it", async () => {
    const { say, history } = await open();
    model.script(() => ({ text: "yes" }));
    await say("remember the word tulip");
    expect((await say("/status"))[1]).toStartWith("openai is ready. Messages in this conversation: 2.");
    await say("/reset");
    expect(await history()).toEqual([]);
    await say("which word?");
    expect(JSON.stringify(gateway.lastTurns())).not.toContain("tulip");
  });

  test("reset waits for a running answer to be stopped", async () => {
    const { say } = await open({ reply_wait_ms: 0 });
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    model.script(() => {
      begun.resolve();
      return { text: "slow", hold: held.promise };
    });
    await say("work");
    await begun.promise;
    const reset = { message_id: "reset-while-busy" };
    let answer = await say("/reset", reset);
    while (answer[0] === "accepted") answer = await say("/reset", reset);
    expect(answer[1]).toBe("I am at work. Send /stop first, and then /reset.");
    held.resolve();
  });

  test("a message that is too long is refused with the limit, and nothing runs", async () => {
    const { say, runs } = await open();
    expect(await say("x".repeat(201))).toEqual(["refused", "Your message is too long. At most 200 characters fit."]);
    expect(await runs()).toEqual([]);
  });

  test("a run that fails is reported in the sender's language, without its cause", async () => {
    const { say } = await open();
    model.script(() => ({ status: 500, error: "secret cause" }));
    expect(await say("hello", { locale: "vi" })).toEqual([
      "answered",
      "Đã có lỗi khi tôi xử lý yêu cầu này. Hãy thử lại.",
    ]);
  });

  test("messages that follow each other at once are read as one", async () => {
    const { say, runs } = await open({ debounce_ms: 1_500 });
    model.script(({ messages: read }) => ({ text: `read: ${read.at(-1)?.text}` }));
    const answers = await Promise.all([say("first"), Bun.sleep(50).then(() => say("second"))]);
    expect(answers).toEqual([
      ["answered", "read: first\nsecond"],
      ["answered", "read: first\nsecond"],
    ]);
    expect(await runs()).toHaveLength(1);
  });

  test("messages that together are too long for one are read one after the other", async () => {
    const { say, runs } = await open({ debounce_ms: 1_500 });
    model.script(({ messages: read }) => ({ text: `read ${read.at(-1)?.text?.length}` }));
    const answers = await Promise.all([say("x".repeat(150)), Bun.sleep(50).then(() => say("y".repeat(140)))]);
    expect(answers).toEqual([
      ["answered", "read 150"],
      ["answered", "read 140"],
    ]);
    expect(await runs()).toHaveLength(2);
  });

  test("a message to a busy agent steers it where the instance says so", async () => {
    const { say, runs } = await open({ on_busy: "steer", reply_wait_ms: 0 });
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    model.script(({ messages: read }) => {
      begun.resolve();
      return read.length > 2 ? { text: "both" } : { text: "first", hold: held.promise };
    });
    await say("one");
    await begun.promise;
    const second = { message_id: "steering" };
    await say("two", second);
    const { read } = gateway.gateway.database.system("a test of steering");
    while ((await read.selectFrom("run_inputs").select("id").execute()).length === 0) await Bun.sleep(10);
    held.resolve();
    let answer = await say("two", second);
    while (answer[0] === "accepted") answer = await say("two", second);
    expect(answer).toEqual(["answered", "both"]);
    expect(await runs()).toHaveLength(1);
  });
});
