import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

const SERVERS = "/v1/mcp/servers";

describe.each([...testDialects()])("the state of an MCP server on %s", async (dialect) => {
  let isBroken = false;
  const remote = startMcpServer({
    intercept: () => (isBroken ? new Response("planted words", { status: 500 }) : undefined),
  });
  const gateway = await startTestGateway({ dialect, allowHosts: [remote.host] });
  const { call } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await remote.stop();
  });
  await aTenant(gateway, "other");
  const viewer = { ...(await aKey(gateway, ["read"], { owner_id: "bob" })), user: null };
  const stranger = { ...(await aKey(gateway, ["admin"], { tenant: "other" })), user: null };

  const register = async (name: string): Promise<string> => {
    const input = { name, transport: "streamable-http", url: remote.url, api_key: "planted-key" };
    const { status, body } = await call("POST", SERVERS, input);
    expect(status).toBe(201);
    return body.id;
  };
  const listed = async (id: string) =>
    (await call("GET", SERVERS, undefined, viewer)).body.servers.find((server: { id: string }) => server.id === id);
  const read = async (id: string) => (await call("GET", `${SERVERS}/${id}`, undefined, viewer)).body;
  const use = (id: string) => call("GET", `${SERVERS}/${id}/tools`);
  const storyOf = async (id: string) =>
    (await read(id)).story.map(({ state, error }: { state: string; error?: string }) => error ?? state);

  test("is idle before its first use, and no list connects it", async () => {
    const id = await register("unused");
    const before = remote.received.length;
    expect(await listed(id)).toMatchObject({ state: "idle" });
    expect(await read(id)).toMatchObject({ state: "idle", story: [] });
    expect((await read(id)).since).toBeUndefined();
    expect(remote.received).toHaveLength(before);
  });

  test("says that it is connected, since when, and how many tools it has", async () => {
    const id = await register("near");
    await use(id);
    const state = { state: "connected", tool_count: 1, since: expect.any(String) };
    expect(await listed(id)).toMatchObject(state);
    expect(await read(id)).toMatchObject({ ...state, story: [{ state: "connected", since: expect.any(String) }] });
    expect((await call("GET", SERVERS, undefined, stranger)).body.servers).toEqual([]);
  });

  test("says why it failed in words of the gateway, and tells what happened before", async () => {
    const id = await register("shaky");
    await use(id);
    isBroken = true;
    await call("POST", `${SERVERS}/${id}/reconnect`, {});
    await use(id);
    const failed = { state: "failed", error: "the server answered HTTP 500" };
    const { text } = await call("GET", `${SERVERS}/${id}`, undefined, viewer);
    expect(text).not.toContain("planted");
    const { since } = await read(id);
    expect(await listed(id)).toMatchObject({ ...failed, since });
    await use(id);
    expect(await read(id)).toMatchObject({ ...failed, since });
    expect(await storyOf(id)).toEqual(["the server answered HTTP 500", "idle", "connected"]);
    isBroken = false;
    await call("POST", `${SERVERS}/${id}/reconnect`, {});
    await use(id);
    expect(await read(id)).toMatchObject({ state: "connected", tool_count: 1 });
    expect((await storyOf(id)).slice(0, 2)).toEqual(["connected", "idle"]);
    expect((await read(id)).error).toBeUndefined();
  });

  test("is idle where the server was changed, and its story is no longer than ten states", async () => {
    const id = await register("changing");
    for (let round = 0; round < 7; round++) {
      await use(id);
      await call("PUT", `${SERVERS}/${id}`, { timeout_sec: 10 + round });
    }
    expect(await read(id)).toMatchObject({ state: "idle" });
    expect(await storyOf(id)).toEqual(Array.from({ length: 5 }, () => ["idle", "connected"]).flat());
  });

  test("is told to administrators of its tenant as it changes, and not while it stays", async () => {
    const id = await register("told");
    const now = async (caller: CallOptions) => (await call("GET", "/v1/events", undefined, caller)).body.cursor;
    const callers = { admin: {}, viewer, stranger };
    const cursors = { admin: await now({}), viewer: await now(viewer), stranger: await now(stranger) };
    const heardBy = async (who: keyof typeof callers) => {
      const { body } = await call("GET", `/v1/events?after=${cursors[who]}`, undefined, callers[who]);
      const told = body.events.filter(({ type }: { readonly type: string }) => type === "mcp_server.state_changed");
      return told.map(({ type: _, cursor: __, id: of, ...state }: Record<string, unknown>) => ({ ...state, of }));
    };
    await use(id);
    const connected = [
      { state: "connecting", of: id },
      { state: "connected", of: id },
      { state: "connected", tool_count: 1, of: id },
    ];
    expect(await heardBy("admin")).toEqual(connected);
    await use(id);
    expect(await heardBy("admin")).toEqual(connected);
    isBroken = true;
    await call("POST", `${SERVERS}/${id}/reconnect`, {});
    await use(id);
    const failed = { state: "failed", error: "the server answered HTTP 500", of: id };
    expect((await heardBy("admin")).at(-1)).toEqual(failed);
    isBroken = false;
    expect([await heardBy("viewer"), await heardBy("stranger")]).toEqual([[], []]);
  });

  test("is told over a WebSocket", async () => {
    const id = await register("socket");
    const socket = await openSocket(gateway);
    await use(id);
    const { payload } = await socket.event(
      (event) => event.event === "mcp_server.state_changed" && event.payload.tool_count === 1,
    );
    expect(payload).toEqual({ id, state: "connected", tool_count: 1 });
    await socket.close();
  });
});
