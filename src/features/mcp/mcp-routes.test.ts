import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const SERVERS = "/v1/mcp/servers";
const URL = "https://1.1.1.1/mcp";

describe.each([...testDialects()])("the routes of MCP on %s", async (dialect) => {
  const remote = startMcpServer();
  const broken = startMcpServer({ intercept: () => new Response("broken", { status: 500 }) });
  const gateway = await startTestGateway({ dialect, allowHosts: [remote.host, broken.host] });
  const { call } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await remote.stop();
    await broken.stop();
  });
  await aTenant(gateway, "other");
  const admin = { ...(await aKey(gateway, ["admin"])), user: null };
  const otherAdmin = { ...(await aKey(gateway, ["admin"], { tenant: "other" })), user: null };
  const viewer = { ...(await aKey(gateway, ["read"], { owner_id: "bob" })), user: null };
  await call("POST", "/v1/providers", { name: "demo", provider_type: "demo" });
  const agent = (await call("POST", "/v1/agents", { agent_key: "helper", provider: "demo", model: "demo" })).body;

  let count = 0;
  const register = async (input: object = {}, caller = admin) => {
    const name = `server-${++count}`;
    const answer = await call("POST", SERVERS, { name, transport: "streamable-http", url: URL, ...input }, caller);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const reasonOf = (answer: { readonly status: number; readonly body: { readonly error?: object } }) => {
    const error = answer.body?.error as { code: string; details?: { reason?: string } } | undefined;
    return [answer.status, error?.code, error?.details?.reason];
  };

  describe("servers", () => {
    test("are created with masked credentials, read, listed, changed and deleted", async () => {
      const input = {
        ...{ name: "docs", display_name: "Tài liệu 📚", transport: "streamable-http", url: URL, tool_prefix: "kb" },
        ...{ api_key: "planted-key", headers: { "X-Team": "planted-header" }, timeout_sec: 5 },
        settings: { tool_hints: { global: "Ask first" } },
      };
      const created = await call("POST", SERVERS, input, admin);
      expect(created.status).toBe(201);
      expect(created.text).not.toContain("planted");
      expect(created.body).toMatchObject({
        ...{ name: "docs", display_name: "Tài liệu 📚", url: URL, tool_prefix: "kb", timeout_sec: 5, enabled: true },
        ...{ api_key: "***", has_api_key: true, headers: { "X-Team": "***" }, env: {} },
        settings: { tool_hints: { global: "Ask first" } },
      });
      const path = `${SERVERS}/${created.body.id}`;
      const unused = { ...created.body, state: "idle" };
      expect((await call("GET", path, undefined, viewer)).body).toEqual({ ...unused, story: [] });
      const listed = (await call("GET", SERVERS, undefined, viewer)).body.servers;
      expect(listed.find(({ name }: { name: string }) => name === "docs")).toEqual({ ...unused, agent_count: 0 });

      const changed = await call("PUT", path, { timeout_sec: 9, display_name: null, nonsense: true }, admin);
      expect(changed.body).toEqual({ status: "updated" });
      const read = (await call("GET", path, undefined, admin)).body;
      expect(read).toMatchObject({ timeout_sec: 9, api_key: "***", headers: { "X-Team": "***" } });
      expect(read.display_name).toBeUndefined();

      expect((await call("DELETE", path, undefined, admin)).body).toEqual({ status: "deleted" });
      expect((await call("DELETE", path, undefined, admin)).status).toBe(404);
      expect((await call("GET", path, undefined, admin)).status).toBe(404);
    });

    test("take arguments as they are, and start nothing", async () => {
      const args = ["-e", "-c", "--config", "a;b", "$(id)", "{{7*7}}"];
      const server = await register({ transport: "stdio", command: "/bin/sh", args, url: undefined }, admin);
      expect(server).toMatchObject({ command: "/bin/sh", args });
    });

    test("that are processes are for the operator of the host", async () => {
      const stdio = { name: "local", transport: "stdio", command: "/bin/sh", args: ["-c", "touch marker"] };
      for (const path of [SERVERS, `${SERVERS}/test`]) {
        expect(reasonOf(await call("POST", path, stdio, otherAdmin))).toEqual([403, "UNAUTHORIZED", undefined]);
      }
      const own = await register({}, otherAdmin);
      expect((await call("PUT", `${SERVERS}/${own.id}`, stdio, otherAdmin)).status).toBe(403);
      expect((await call("DELETE", `${SERVERS}/${own.id}`, undefined, otherAdmin)).status).toBe(200);
    });

    test("have names of their own in a tenant", async () => {
      const { name } = await register();
      const again = { name, transport: "sse", url: URL };
      expect(reasonOf(await call("POST", SERVERS, again, admin))).toEqual([409, "ALREADY_EXISTS", undefined]);
      const second = await register();
      expect((await call("PUT", `${SERVERS}/${second.id}`, { name }, admin)).status).toBe(409);
      expect((await call("POST", SERVERS, again, otherAdmin)).status).toBe(201);
    });

    test("keep masked credentials one by one, and only for the place that they were entered for", async () => {
      const { id } = await register({ api_key: "k", headers: { "X-A": "a", "X-B": "b" } });
      const path = `${SERVERS}/${id}`;
      const update = (body: object) => call("PUT", path, body, admin);
      expect((await update({ headers: { "X-A": "***", "X-C": "c" } })).status).toBe(200);
      expect((await call("GET", path, undefined, admin)).body.headers).toEqual({ "X-A": "***", "X-C": "***" });

      const moved = { url: "https://8.8.8.8/mcp" };
      expect(reasonOf(await update(moved))).toEqual([400, "INVALID_REQUEST", "key_needed_again"]);
      expect(reasonOf(await update({ ...moved, transport: "sse", api_key: "***" }))).toEqual([
        ...[400, "INVALID_REQUEST", "key_needed_again"],
      ]);
      expect((await update({ ...moved, api_key: "k2", headers: { "X-A": "***" } })).status).toBe(400);
      expect((await update({ ...moved, api_key: "k2", headers: { "X-A": "a2" } })).status).toBe(200);
      expect((await update({ headers: {} })).status).toBe(200);
      expect((await call("GET", path, undefined, admin)).body.headers).toEqual({});
    });
  });

  test("a trial connects, and answers also where it fails", async () => {
    const trial = (input: object) => call("POST", `${SERVERS}/test`, { transport: "streamable-http", ...input }, admin);
    expect((await trial({ url: remote.url, headers: { "X-A": "a" } })).body).toEqual({ success: true, tool_count: 1 });
    expect(remote.received.at(-1)?.headers.get("x-a")).toBe("a");
    const failed = await trial({ url: broken.url });
    expect(failed.status).toBe(200);
    expect(failed.body).toMatchObject({ success: false, error: expect.any(String) });
  });

  test("the tools of a server are listed, with the names by which they are called", async () => {
    const { id, name } = await register({ url: remote.url, api_key: "planted" });
    const { status, body } = await call("GET", `${SERVERS}/${id}/tools`, undefined, viewer);
    expect([status, body]).toEqual([
      200,
      {
        tools: [{ name: "echo", description: "Returns its text", call_name: `mcp_${name.replaceAll("-", "_")}__echo` }],
      },
    ]);
    expect(remote.received.at(-1)?.headers.get("authorization")).toBe("Bearer planted");
    const connected = () => remote.received.filter(({ method }) => method === "initialize").length;
    const before = connected();
    expect((await call("POST", `${SERVERS}/${id}/reconnect`, {}, admin)).body).toEqual({ status: "reconnected" });
    await call("GET", `${SERVERS}/${id}/tools`, undefined, viewer);
    expect(connected()).toBe(before + 1);
    await call("PUT", `${SERVERS}/${id}`, { enabled: false }, admin);
    expect((await call("GET", `${SERVERS}/${id}/tools`, undefined, viewer)).body).toMatchObject({ tools: [] });
  });

  describe("grants", () => {
    test("for agents are made, replaced, listed and revoked", async () => {
      const { id } = await register();
      const path = `${SERVERS}/${id}/grants`;
      const grant = await call("POST", `${path}/agent`, { agent_id: agent.id, tool_allow: ["search"] }, admin);
      expect([grant.status, grant.body]).toEqual([201, { status: "granted" }]);
      const ofAgent = async () => (await call("GET", "/v1/mcp/grants/agent/helper", undefined, viewer)).body.grants;
      const expected = { server_id: id, agent_id: agent.id, enabled: true, tool_deny: null, config_overrides: null };
      expect(await ofAgent()).toMatchObject([{ ...expected, tool_allow: ["search"] }]);
      // By key, without a body.
      expect((await call("POST", `${path}/agent/helper`, undefined, admin)).status).toBe(201);
      expect(await ofAgent()).toMatchObject([{ ...expected, tool_allow: null }]);
      expect((await call("GET", path, undefined, viewer)).body.grants).toMatchObject([
        { ...expected, tool_allow: [], tool_deny: [], config_overrides: {} },
      ]);
      expect((await call("GET", SERVERS, undefined, viewer)).body.servers).toContainEqual(
        expect.objectContaining({ id, agent_count: 1 }),
      );
      for (let round = 0; round < 2; round++) {
        const revoked = await call("DELETE", `${path}/agent/${agent.id}`, undefined, admin);
        expect([revoked.status, revoked.body]).toEqual([200, { status: "revoked" }]);
      }
      expect(await ofAgent()).toEqual([]);
    });

    test("for users are made and revoked", async () => {
      const path = `${SERVERS}/${(await register()).id}/grants/user`;
      expect((await call("POST", path, { user_id: "bob", tool_deny: ["drop"] }, admin)).body).toEqual({
        status: "granted",
      });
      expect((await call("POST", `${path}/Nguyễn Văn A`, undefined, admin)).status).toBe(201);
      for (let round = 0; round < 2; round++) {
        expect((await call("DELETE", `${path}/bob`, undefined, admin)).body).toEqual({ status: "revoked" });
      }
      expect((await call("POST", path, {}, admin)).status).toBe(400);
    });

    test("of unknown servers and agents are not found", async () => {
      const { id } = await register();
      const unknown = `${SERVERS}/${newId()}/grants`;
      expect((await call("POST", `${unknown}/agent`, { agent_id: agent.id }, admin)).status).toBe(404);
      expect((await call("POST", `${SERVERS}/${id}/grants/agent`, { agent_id: newId() }, admin)).status).toBe(404);
      expect((await call("POST", `${SERVERS}/${id}/grants/agent`, {}, admin)).status).toBe(400);
      expect((await call("POST", `${unknown}/user`, { user_id: "bob" }, admin)).status).toBe(404);
      expect((await call("GET", `/v1/mcp/grants/agent/${newId()}`, undefined, admin)).status).toBe(404);
    });

    test("of a deleted agent are gone", async () => {
      const { id } = await register();
      await call("POST", "/v1/agents", { agent_key: "short-lived", provider: "demo", model: "demo" });
      await call("POST", `${SERVERS}/${id}/grants/agent`, { agent_id: "short-lived" }, admin);
      expect((await call("DELETE", "/v1/agents/short-lived")).status).toBe(200);
      expect((await call("GET", `${SERVERS}/${id}/grants`, undefined, admin)).body.grants).toEqual([]);
    });
  });

  describe("requests", () => {
    const PATH = "/v1/mcp/requests";
    const ask = (input: object, caller: typeof viewer = viewer) => call("POST", PATH, input, caller);
    const review = (id: string, input: object) => call("POST", `${PATH}/${id}/review`, input, admin);

    test("of a viewer are approved by an administrator, which makes the grant", async () => {
      const { id } = await register();
      const asked = await ask({ server_id: id, reason: "cần tài liệu", tool_allow: ["search"] });
      expect(asked.status).toBe(201);
      const request = asked.body;
      expect(request).toMatchObject({ scope: "user", user_id: "bob", status: "pending", requested_by: "bob" });
      expect((await ask({ server_id: id, scope: "user" })).body.id).toBe(request.id);
      expect((await call("GET", PATH, undefined, viewer)).body.requests).toEqual([request]);
      expect((await call("POST", `${PATH}/${request.id}/review`, { approved: true }, viewer)).status).toBe(403);

      expect((await review(request.id, { approved: true, note: "ok" })).body).toEqual({ status: "approved" });
      expect(reasonOf(await review(request.id, { approved: true }))).toEqual([
        ...[409, "FAILED_PRECONDITION", "mcp_request_reviewed"],
      ]);
      expect((await call("GET", PATH, undefined, viewer)).body.requests).toEqual([]);
      const [reviewed] = (await call("GET", `${PATH}?status=approved`, undefined, viewer)).body.requests;
      expect(reviewed).toMatchObject({ id: request.id, status: "approved", review_note: "ok" });
    });

    test("for an agent need an agent that one may use, and are granted to it", async () => {
      const { id } = await register();
      expect((await ask({ server_id: id, scope: "agent" })).status).toBe(400);
      expect((await ask({ server_id: id, scope: "agent", agent_id: agent.id })).status).toBe(403);
      const { body } = await call("POST", PATH, { server_id: id, agent_id: "helper" });
      expect(body).toMatchObject({ scope: "agent", agent_id: agent.id });
      expect((await review(body.id, { action: "approve" })).body).toEqual({ status: "approved" });
      expect((await call("GET", `${SERVERS}/${id}/grants`, undefined, admin)).body.grants).toHaveLength(1);
    });

    test("for others need an administrator", async () => {
      const { id } = await register();
      expect((await ask({ server_id: id, user_id: "carol" })).status).toBe(403);
      expect((await ask({ server_id: id, user_id: "carol" }, admin)).status).toBe(201);
    });

    test("are refused without a server, with an unknown scope, and for unknown ones", async () => {
      const { id } = await register();
      expect((await ask({ scope: "user" })).status).toBe(400);
      expect((await ask({ server_id: id, scope: "galaxy" })).status).toBe(400);
      expect((await ask({ server_id: newId() })).status).toBe(404);
      expect((await review(newId(), { approved: true })).status).toBe(404);
      const { body } = await ask({ server_id: id });
      expect((await review(body.id, {})).status).toBe(400);
      expect((await review(body.id, { action: "reject" })).body).toEqual({ status: "rejected" });
      expect((await call("GET", `${SERVERS}/${id}/grants`, undefined, admin)).body.grants).toEqual([]);
    });
  });

  test("a user's own credentials are stored, told of and deleted, never shown", async () => {
    const path = `${SERVERS}/${(await register()).id}/user-credentials`;
    const nothing = { has_credentials: false, has_api_key: false, has_headers: false, has_env: false };
    expect((await call("GET", path)).body).toEqual(nothing);
    expect((await call("PUT", path, { api_key: "planted", headers: { "X-A": "planted" } })).status).toBe(200);
    const stored = await call("GET", path);
    expect(stored.body).toEqual({ ...nothing, has_credentials: true, has_api_key: true, has_headers: true });
    expect((await call("GET", path, undefined, viewer)).body).toEqual(nothing);
    expect((await call("DELETE", path)).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", path)).status).toBe(200);
    expect((await call("GET", path)).body).toEqual(nothing);
  });

  test("no credential is stored as it was sent", async () => {
    await register({ api_key: "planted-1", headers: { "X-A": "planted-2" } });
    const rows = await gateway.gateway.database
      .forTenant(agent.tenant_id)
      .read.selectFrom("mcp_servers")
      .selectAll()
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain("planted");
  });
});
