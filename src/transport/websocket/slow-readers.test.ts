import { afterAll, expect, test } from "bun:test";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { encodeFrame, OPCODE, openRawSocket, type RawSocket } from "#testing/sockets/raw-socket.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";

let late = 0;
const clock = { now: () => new Date(), elapsed: () => performance.now() + late };
const gateway = await startChatGateway({ wires: ["openai"], clock });
const { model } = gateway;
afterAll(() => gateway.stop());

const request = (id: number, method: string, params: object) =>
  encodeFrame(OPCODE.text, JSON.stringify({ type: "req", id, method, params }));

async function openStalling(params: object = {}): Promise<RawSocket> {
  const socket = await openRawSocket(gateway.url);
  socket.write(request(1, "connect", { token: gateway.token, user_id: "ada", ...params }));
  expect(JSON.parse(await socket.nextText())).toMatchObject({ id: 1, ok: true });
  return socket;
}

test("a connection that does not authenticate in time is closed", async () => {
  const [stranger, caller] = [await openSocket(gateway, { connects: false }), await openSocket(gateway)];
  late += LIMITS.socketConnect + SECOND;
  expect(await stranger.closed).toEqual({ code: 1_008, reason: "no call of connect in time" });
  expect(await caller.call("health")).toMatchObject({ status: "ok" });
  await caller.close();
});

test("among a hundred who follow a run, one that stalls holds up no other and loses no text", async () => {
  const stalled = await openStalling();
  const viewers = await Promise.all(Array.from({ length: 99 }, () => openSocket(gateway)));
  const upstream = model.manual();
  const { body: run } = await gateway.call("POST", "/v1/agents/openai/runs", { input: "hi" });
  await upstream.arrived;
  stalled.tcp.pause();
  let sent = "";
  for (let piece = 0; piece < 100; piece++) {
    const text = `${piece} ${"🦊".repeat(200)}`;
    sent += text;
    await upstream.send(text);
  }
  await upstream.finish();
  const textOf = (events: readonly { readonly type: string; readonly payload?: { readonly content: string } }[]) =>
    events.map(({ type, payload }) => (type === "chunk" ? payload?.content : "")).join("");
  for (const viewer of viewers) {
    await viewer.event(({ payload }) => payload?.runId === run.id && payload.type === "run.completed");
    expect(textOf(viewer.agentEvents(run.id))).toBe(sent);
  }
  stalled.tcp.resume();
  const seen = [];
  for (let isOver = false; !isOver; ) {
    const { payload } = JSON.parse(await stalled.nextText());
    if (payload?.runId !== run.id) continue;
    seen.push(payload);
    isOver = payload.type === "run.completed";
  }
  expect(textOf(seen)).toBe(sent);
  stalled.tcp.destroy();
  await Promise.all(viewers.map((viewer) => viewer.close()));
});

test("a client that asks and does not read is held up, and then given up", async () => {
  const sessionKey = "agent:openai:ws:direct:long";
  const writer = await openSocket(gateway);
  model.enqueue({ text: "x".repeat(1_500_000) });
  await writer.call("chat.send", { message: "write much", agentId: "openai", sessionKey });
  const greedy = await openStalling({ feed: "none" });
  greedy.tcp.pause();
  const calls = Array.from({ length: LIMITS.socketCalls }, (_, id) => request(id + 2, "chat.history", { sessionKey }));
  // The gateway answers until the client is behind, which the buffers of the system put off. Then it takes no more calls.
  for (let batch = 0; batch < 10; batch++) {
    greedy.write(...calls);
    await Bun.sleep(100);
  }
  greedy.write(request(100, "chat.send", { message: "more", agentId: "openai" }));
  await Bun.sleep(100);
  late += LIMITS.readerStall + SECOND;
  await Bun.sleep(1_500);
  late += LIMITS.readerStall + SECOND;
  greedy.tcp.resume();
  await greedy.closed;
  expect(model.requests.filter(({ lastUserText }) => lastUserText === "more")).toEqual([]);
  expect(await writer.call("health")).toMatchObject({ status: "ok" });
  await writer.close();
});

test("a client that reads has all its answers, however many it asks for at once", async () => {
  const socket = await openSocket(gateway, { params: { feed: "none" } });
  const sessionKey = "agent:openai:ws:direct:long";
  const histories = await Promise.all(
    Array.from({ length: LIMITS.socketCalls }, () =>
      socket.call("chat.history", { sessionKey }).catch(({ error }) => error),
    ),
  );
  const answered = histories.filter(({ messages }) => messages?.at(-1).content.length === 1_500_000);
  expect(answered.length).toBeGreaterThan(4);
  // The others are told to ask again, and the connection goes on.
  for (const refusal of histories.filter((answer) => !answered.includes(answer))) {
    expect(refusal).toMatchObject({ code: "RESOURCE_EXHAUSTED", retryable: true, details: { reason: "slow_reader" } });
  }
  const more = await refused(
    Promise.all(Array.from({ length: LIMITS.socketCalls + 1 }, () => socket.call("chat.history", { sessionKey }))),
  );
  expect(more.code).toBe("RESOURCE_EXHAUSTED");
  await socket.close();
});
