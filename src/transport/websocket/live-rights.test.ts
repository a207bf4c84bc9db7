import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused, type SocketEvent } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const WRITE = ["operator.read", "operator.write"];
const ADMIN = ["operator.admin"];

describe.each([...testDialects()])("on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, call } = gateway;
  for (const user_id of ["bob", "root"]) await call("POST", "/v1/agents/openai/sharing", { user_id });
  await aTenant(gateway, "fox");
  afterAll(() => gateway.stop());
  const as = async (scopes: readonly string[], user: string, key: { readonly tenant?: string } = {}) => {
    const { bearer, id } = await aKey(gateway, scopes, key);
    return { socket: await openSocket(gateway, { token: bearer, user }), id };
  };

  describe("events", () => {
    test("of a run go to its user and to administrators of its tenant, and to nobody else", async () => {
      const { socket: ada } = await as(WRITE, "ada");
      const { socket: bob } = await as(WRITE, "bob");
      const { socket: admin } = await as(ADMIN, "root");
      const { socket: other } = await as(ADMIN, "root", { tenant: "fox" });
      const owner = await openSocket(gateway, { user: "system" });
      const { runId } = await ada.call("chat.send", { message: "hi", agentId: "openai" });
      const isEnd = ({ payload }: SocketEvent) => payload?.runId === runId && payload.type === "run.completed";
      for (const socket of [ada, admin, owner]) expect((await socket.event(isEnd)).event).toBe("agent");
      // Each of them would have received it before the answer to a later call.
      for (const socket of [bob, other]) {
        await socket.call("health");
        expect(socket.events).toEqual([]);
      }
      await Promise.all([ada, bob, admin, other, owner].map((socket) => socket.close()));
    });

    test("of the tenant's things go to administrators alone", async () => {
      const { socket: ada } = await as(WRITE, "ada");
      const { socket: admin } = await as(ADMIN, "root");
      await call("PUT", "/v1/agents/openai", { display_name: `Fox ${dialect}` });
      await admin.event(({ event }) => event === "agent.updated");
      await ada.call("health");
      expect(ada.events.filter(({ event }) => event.startsWith("agent."))).toEqual([]);
      await Promise.all([ada.close(), admin.close()]);
    });

    test("are those that the connection asked for", async () => {
      const { bearer } = await aKey(gateway, ADMIN);
      const open = (feed: string) => openSocket(gateway, { token: bearer, user: "root", params: { feed } });
      const [own, none, all] = [await open("own"), await open("none"), await open("all")];
      const { body } = await call("POST", "/v1/agents/openai/runs", { input: "hi" });
      await all.event(({ payload }) => payload?.runId === body.id && payload.type === "run.completed");
      const mine = await none.call("chat.send", { message: "hi", agentId: "openai" });
      await own.event(({ payload }) => payload?.runId === mine.runId && payload.type === "run.completed");
      expect(own.agentEvents(body.id)).toEqual([]);
      expect(none.agentEvents(body.id)).toEqual([]);
      // A client that asked for nothing still sees the run of its own call.
      expect(none.agentEvents(mine.runId).at(-1)).toMatchObject({ type: "run.completed" });
      await Promise.all([own.close(), none.close(), all.close()]);
    });

    test("have the gateway's own names and form in the other dialect", async () => {
      const socket = await openSocket(gateway, { params: { dialect: "operations" } });
      const { agents } = await socket.call("agents.list");
      expect(agents[0]).toHaveProperty("agent_key");
      const run = await socket.call("runs.start", { id: "openai", input: "hi" });
      const ended = await socket.event(({ event, payload }) => event === "run.ended" && payload.id === run.id);
      expect(ended.payload).toMatchObject({ user_id: "ada", status: "completed", session_key: run.session_key });
      const last = await socket.event(({ event, payload }) => event === "run" && payload.type === "run.completed");
      expect(last.payload).toMatchObject({ run_id: run.id, finish: "stop", cursor: expect.any(String) });
      await socket.close();
    });
  });

  describe("a connection is closed within two seconds when", () => {
    test("its key is revoked, also while it waits for an answer", async () => {
      const { socket, id } = await as(WRITE, "ada");
      const upstream = model.manual();
      const waiting = refused(socket.call("chat.send", { message: "hi", agentId: "openai" })).catch(() => undefined);
      await upstream.arrived;
      await call("DELETE", `/v1/api-keys/${id}`);
      expect(await socket.closed).toEqual({ code: 1_008, reason: "the caller lost its rights" });
      await waiting;
      await upstream.send("late");
      await upstream.finish();
    });

    test("its tenant is suspended", async () => {
      await aTenant(gateway, `wolf-${dialect}`);
      const { socket } = await as(WRITE, "ada", { tenant: `wolf-${dialect}` });
      await call("PUT", `/v1/tenants/wolf-${dialect}`, { status: "suspended" }, OWNER);
      expect(await socket.closed).toMatchObject({ code: 1_008 });
    });

    test("its user is removed from the tenant, and hears why", async () => {
      await call("POST", "/v1/tenants/fox/users", { user_id: "eve", role: "operator" }, OWNER);
      const { socket } = await as(WRITE, "eve", { tenant: "fox" });
      await call("DELETE", "/v1/tenants/fox/users/eve", undefined, OWNER);
      expect(await socket.closed).toMatchObject({ code: 1_008 });
      expect(socket.events.at(-1)).toMatchObject({ event: "tenant.access.revoked", payload: { user_id: "eve" } });
    });
  });

  test("a connection may connect again, as somebody else and without what it followed before", async () => {
    const { bearer } = await aKey(gateway, WRITE);
    const socket = await openSocket(gateway, { user: "root" });
    const { body } = await call("POST", "/v1/agents/openai/runs", { input: "hi" });
    await socket.event(({ payload }) => payload?.runId === body.id);
    expect(await socket.call("connect", { token: bearer, user_id: "bob" })).toMatchObject({ role: "operator" });
    expect(await refused(socket.call("api_keys.list"))).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await refused(socket.call("runs.subscribe", { runId: body.id }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused(socket.call("connect", { token: "wrong" }))).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await refused(socket.call("agents.list"))).toMatchObject({ code: "UNAUTHORIZED" });
    await socket.close();
  });
});

test("the rate of messages is that of the user, on all connections together", async () => {
  const gateway = await startChatGateway({ wires: ["openai"], env: { GOCLAW_GATEWAY_RATE_LIMIT_RPM: "1" } });
  const sockets = [await openSocket(gateway), await openSocket(gateway)];
  const errors: unknown[] = [];
  for (let message = 0; message < 8; message++) {
    const socket = sockets[message % 2] ?? sockets[0];
    await socket?.call("chat.send", { message: "hi", agentId: "openai" }).catch(({ error }) => errors.push(error));
    await socket?.call("health");
    await socket?.call("agents.list");
  }
  expect(errors.length).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject({ code: "RESOURCE_EXHAUSTED", retryable: true, retryAfterMs: 60_000 });
  await gateway.stop();
});
