import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const gateway = await startTestGateway();
afterAll(() => gateway.stop());

/** Sends a message and returns the next answer. */
async function answerTo(message: string | Uint8Array<ArrayBuffer>, connects = true) {
  const socket = await openSocket(gateway, { connects });
  const before = socket.frames.length;
  socket.socket.send(message);
  await socket.frame((frame) => socket.frames.indexOf(frame) >= before && frame.includes('"res"'));
  const answer = JSON.parse(socket.frames.slice(before).find((frame) => frame.includes('"res"')) ?? "");
  await socket.close();
  return answer;
}

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const req = (fields: object) => JSON.stringify({ type: "req", id: "7", method: "health", ...fields });

describe("a message", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, string | number]>([
    ["that is binary", new Uint8Array([123, 125]), ""],
    ["that is no JSON", "{", ""],
    ["that is no object", "[1]", ""],
    ["of another type", '{"type":"res","id":"7"}', "7"],
    ["without an id", '{"type":"req","method":"health"}', ""],
    ["with an endless id", req({ id: "x".repeat(LIMITS.socketCallId + 1) }), ""],
    ["with an id of another type", req({ id: { a: 1 } }), ""],
    ["without a method", '{"type":"req","id":7}', 7],
    ["with params that are no object", req({ params: [1] }), "7"],
    ["with an odd idempotency key", req({ idempotencyKey: 5 }), "7"],
    ["that nests too deep", `{"type":"req","id":"7","method":"health","params":${nested(200)}}`, ""],
    ["with too many values", `{"type":"req","id":"7","method":"health","params":{"a":[${"1,".repeat(110_000)}1]}}`, ""],
  ])("%s is refused, and the connection goes on", async (_, message, id) => {
    const answer = await answerTo(message);
    expect(answer).toMatchObject({ type: "res", id, ok: false, error: { code: "INVALID_REQUEST", retryable: false } });
  });

  test.each<[string | number]>([["a"], ["é🦊"], [0], [1.5], [-3]])("has its id %j back unchanged", async (id) => {
    expect(await answerTo(req({ id }))).toMatchObject({ id, ok: true, payload: { status: "ok" } });
  });

  test("may have null for params", async () => {
    expect(await answerTo(req({ params: null }))).toMatchObject({ ok: true });
  });

  test("of 512 KiB is read, and a larger one closes the connection with 1009", async () => {
    const padded = (bytes: number) => {
      const frame = req({ params: { pad: "" } });
      return frame.replace('"pad":""', `"pad":"${"x".repeat(bytes - frame.length)}"`);
    };
    expect(await answerTo(padded(LIMITS.socketMessage))).toMatchObject({ ok: true });
    const socket = await openSocket(gateway);
    socket.send(padded(LIMITS.socketMessage + 1));
    expect(await socket.closed).toMatchObject({ code: 1_009 });
  });
});

describe("before connect", () => {
  test.each(["agents.list", "chat.send", "no.such.method"])(
    "%s is refused, and the socket stays open",
    async (method) => {
      const socket = await openSocket(gateway, { connects: false });
      const refused = await socket.call(method).catch(({ error }) => error);
      expect(refused).toMatchObject({ code: "UNAUTHORIZED", message: "the first request must be 'connect'" });
      expect(await socket.call("health")).toEqual({ status: "ok" });
      await socket.close();
    },
  );

  test("a wrong token is refused, and the right one works after it", async () => {
    const socket = await openSocket(gateway, { connects: false });
    const refused = await socket.call("connect", { token: "wrong", locale: "vi" }).catch(({ error }) => error);
    expect(refused.code).toBe("UNAUTHORIZED");
    expect(refused.message).toMatch(/xác thực/);
    const session = await socket.call("connect", { token: gateway.token, user_id: "Nguyễn 🦊", locale: "xx" });
    expect(session).toMatchObject({ protocol: 3, role: "admin", user_id: "Nguyễn 🦊", is_master_scope: true });
    expect((await socket.call("no.such").catch(({ error }) => error)).message).toBe("unknown method: no.such");
    await socket.close();
  });

  test("calls that come right behind connect wait for it", async () => {
    const socket = await openSocket(gateway, { connects: false });
    const [session, agents] = await Promise.all([
      socket.call("connect", { token: gateway.token }),
      socket.call("agents.list"),
    ]);
    expect(session.role).toBe("owner");
    expect(agents.agents.map(({ id }: { id: string }) => id)).toEqual(["default"]);
    await socket.close();
  });

  test("the token of the handshake's header counts where connect has none", async () => {
    const headers = { Authorization: `Bearer ${gateway.token}` };
    const socket = await openSocket(gateway, { connects: false, headers });
    expect(await socket.call("connect")).toMatchObject({ role: "owner", user_id: "system" });
    await socket.close();
  });
});

describe("a handshake", () => {
  test.each([
    ["of a page of another origin", { Origin: "https://evil.example" }, 403],
    ["for a malformed host", { Host: "a b" }, 400],
  ])("%s is refused", async (_, headers, status) => {
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
    const key = { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const answer = await fetch(`${gateway.url}/ws`, { headers: { ...upgrade, ...key, ...headers } });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test("without an upgrade is told what the path is for", async () => {
    const answer = await gateway.call("GET", "/ws");
    expect(answer.status).toBe(426);
    expect(answer.body.error).toMatchObject({ code: "INVALID_REQUEST", message: "this path is for WebSockets" });
  });

  test("of the gateway's own page is accepted", async () => {
    const socket = await openSocket(gateway, { headers: { Origin: gateway.url } });
    expect(await socket.call("health")).toMatchObject({ status: "ok", database: "ok" });
    await socket.close();
  });
});
