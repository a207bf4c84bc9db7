import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused, type SocketClient } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a conversation over a WebSocket on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "bob" });
  const writer = await aKey(gateway, ["operator.write", "operator.read"]);
  const open = (options: Parameters<typeof openSocket>[1] = {}) => openSocket(gateway, options);
  const as = (user: string) => open({ token: writer.bearer, user });
  let sessions = 0;
  const aSession = () => `agent:openai:ws:direct:${dialect}-${++sessions}`;
  const send = (socket: SocketClient, sessionKey: string, message: string, more: object = {}) =>
    socket.call("chat.send", { message, agentId: "openai", sessionKey, ...more });
  afterAll(() => gateway.stop());

  test("streams the answer, and then answers the call", async () => {
    const socket = await open();
    model.enqueue({ text: ["Hel", "lo 🦊"], usage: { input: 3, output: 2 } });
    const answer = await socket.call("chat.send", { message: "hi", agentId: "openai", stream: true });
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    expect(answer).toMatchObject({ content: "Hello 🦊", usage });
    expect(answer.sessionKey).toMatch(/^agent:openai:ws:direct:[0-9a-f]{8}$/);
    const events = socket.agentEvents(answer.runId);
    // Texts that come together are one chunk.
    const chunks = events.filter(({ type }) => type === "chunk");
    expect(chunks.map(({ payload }) => payload.content).join("")).toBe("Hello 🦊");
    expect(events.map(({ type }) => type)).toEqual(["run.started", ...chunks.map(() => "chunk"), "run.completed"]);
    expect(events[0].payload).toEqual({ message: "hi" });
    expect(events[1]).toMatchObject({ agentId: "openai", userId: "ada", channel: "ws", sessionKey: answer.sessionKey });
    expect(events.at(-1).payload).toMatchObject({ content: "Hello 🦊", usage });
    expect(socket.frames.at(-1)).toContain('"type":"res"');
    expect(socket.events.map(({ seq }) => seq)).toEqual(socket.events.map((_, index) => index + 1));
    const traced = await socket.event(
      ({ event, payload }) => event === "trace.status" && payload.status === "completed",
    );
    const completed = socket.events.find(({ payload }) => payload?.type === "run.completed");
    expect(traced.seq).toBeGreaterThan(completed?.seq ?? Number.POSITIVE_INFINITY);
    await socket.close();
  });

  test("a second message steers the run under way, and stands in the history", async () => {
    const [first, second] = [await as("ada"), await as("ada")];
    const sessionKey = aSession();
    const upstream = model.manual();
    const answered = send(first, sessionKey, "draw a fox");
    await upstream.arrived;
    expect(await send(second, sessionKey, "a red one")).toMatchObject({ injected: true });
    model.enqueue({ text: "a red fox" });
    await upstream.send("a fox");
    await upstream.finish();
    expect(await answered).toMatchObject({ content: "a red fox" });
    const { messages } = await second.call("chat.history", { sessionKey });
    const said = messages.map(({ role, content }: { role: string; content: string }) => `${role}: ${content}`);
    expect(said).toEqual(["user: draw a fox", "assistant: a fox", "user: a red one", "assistant: a red fox"]);
    await Promise.all([first.close(), second.close()]);
  });

  test("goes on when the socket closes, and a new one finds it", async () => {
    const [first, sessionKey] = [await as("ada"), aSession()];
    const upstream = model.manual();
    send(first, sessionKey, "tell me").catch(() => {});
    await upstream.arrived;
    await upstream.send("Once ");
    await first.close();
    const second = await as("ada");
    const { isRunning, runId } = await second.call("chat.session.status", { sessionKey });
    expect(isRunning).toBe(true);
    expect(await second.call("sessions.subscribe", { key: sessionKey })).toEqual({ key: sessionKey, run_id: runId });
    await second.event(({ payload }) => payload?.type === "chunk");
    await upstream.send("upon");
    await upstream.finish();
    await second.event(({ payload }) => payload?.type === "run.completed");
    const chunks = second.agentEvents(runId).filter(({ type }) => type === "chunk");
    expect(chunks.map(({ payload }) => payload.content).join("")).toBe("Once upon");
    const { messages } = await second.call("chat.history", { sessionKey });
    expect(messages.at(-1)).toMatchObject({ role: "assistant", content: "Once upon" });
    await second.close();
  });

  test("stops at an abort, and at a word of its user", async () => {
    const socket = await as("ada");
    for (const stop of ["abort", "word"] as const) {
      const sessionKey = aSession();
      const upstream = model.manual();
      const answered = send(socket, sessionKey, "count to a million");
      await upstream.arrived;
      await upstream.send("1 2 3");
      if (stop === "word")
        expect(await send(socket, sessionKey, "Dừng lại!")).toEqual({ cancelled: true, aborted: true });
      else
        expect(await socket.call("chat.abort", { sessionKey })).toMatchObject({
          ok: true,
          aborted: true,
          stopped: true,
        });
      expect(await answered).toMatchObject({ cancelled: true });
      await upstream.aborted;
    }
    await socket.close();
  });

  test("takes a word that stops for a message while nothing runs", async () => {
    const [socket, sessionKey] = [await as("ada"), aSession()];
    await send(socket, sessionKey, "hi");
    expect(await send(socket, sessionKey, "stop")).toMatchObject({ content: "echo: stop" });
    await socket.close();
  });

  test("of another user is out of reach, except for administrators", async () => {
    const [ada, bob, admin] = [await as("ada"), await as("bob"), await open({ user: "root" })];
    const sessionKey = aSession();
    const upstream = model.manual();
    const answered = send(ada, sessionKey, "my secret");
    const { runId } = (await ada.event(({ payload }) => payload?.type === "run.started")).payload;
    await upstream.arrived;
    const denied = { code: "UNAUTHORIZED" };
    expect(await refused(bob.call("chat.abort", { sessionKey }))).toMatchObject(denied);
    expect(await refused(bob.call("chat.abort", { runId }))).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await refused(bob.call("chat.session.status", { sessionKey }))).toMatchObject(denied);
    expect(await refused(send(bob, sessionKey, "hello?"))).toMatchObject({
      code: expect.stringMatching(/UNAUTH|NOT_F/),
    });
    for (const method of [
      "chat.history",
      "sessions.preview",
      "sessions.patch",
      "sessions.subscribe",
      "sessions.delete",
    ]) {
      expect(await refused(bob.call(method, { key: sessionKey, sessionKey }))).toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await refused(bob.call("runs.subscribe", { runId }))).toMatchObject({ code: "NOT_FOUND" });
    const elsewhere = { runId, sessionKey: aSession() };
    await send(bob, elsewhere.sessionKey, "hi");
    expect(await bob.call("chat.abort", elsewhere)).toMatchObject({ notFound: true, unauthorized: false });
    expect(await admin.call("chat.abort", elsewhere)).toMatchObject({ notFound: false, unauthorized: true });
    expect(await admin.call("chat.abort", { runId })).toMatchObject({ aborted: true, runIds: [runId] });
    expect(await answered).toMatchObject({ cancelled: true });
    await admin.event(({ payload }) => payload?.runId === runId && payload.type === "run.cancelled");
    expect(bob.events.filter(({ payload }) => JSON.stringify(payload).includes(sessionKey))).toEqual([]);
    await Promise.all([ada.close(), bob.close(), admin.close()]);
  });

  test("a failing model fails the call with the cause, and the connection goes on", async () => {
    const socket = await as("ada");
    model.enqueue({ status: 500 });
    const error = await refused(send(socket, aSession(), "hi"));
    expect(error).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    expect(socket.events.at(-1)?.payload).toMatchObject({ type: "run.failed", payload: { error: error.message } });
    expect(await send(socket, aSession(), "again")).toMatchObject({ content: "echo: again" });
    await socket.close();
  });

  test("repeats the answer of a message under the same key", async () => {
    const [socket, sessionKey] = [await as("ada"), aSession()];
    const call = () => socket.call("chat.send", { message: "once", sessionKey }, { idempotencyKey: sessionKey });
    const [one, two] = await Promise.all([call(), call()]);
    expect(two).toEqual(one);
    expect((await socket.call("chat.history", { sessionKey })).messages).toHaveLength(2);
    await socket.close();
  });

  test.each([
    ["an unknown agent", { agentId: "nobody" }, "NOT_FOUND"],
    ["nothing to say", { message: "" }, "INVALID_REQUEST"],
    ["too much to say", { message: "x".repeat(32_001) }, "INVALID_REQUEST"],
    ["a file that is not there", { media: ["/v1/media/none"] }, "INVALID_REQUEST"],
    ["a session key of another agent", { sessionKey: "agent:default:1", agentId: "openai" }, "INVALID_REQUEST"],
  ])("is refused with %s", async (_, params, code) => {
    const socket = await as("ada");
    expect(await refused(socket.call("chat.send", { message: "hi", ...params }))).toMatchObject({ code });
    await socket.close();
  });

  test("takes words of the agent that a program puts in", async () => {
    const [socket, sessionKey] = [await as("ada"), aSession()];
    await send(socket, sessionKey, "hi");
    const injected = await socket.call("chat.inject", { sessionKey, message: "Ship it.", label: "CI" });
    const { messages } = await socket.call("chat.history", { sessionKey });
    expect(messages.at(-1)).toMatchObject({ id: injected.messageId, role: "assistant", content: "[CI]\n\nShip it." });
    await socket.close();
  });
});
