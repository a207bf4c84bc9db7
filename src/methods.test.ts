import { afterAll, describe, expect, test } from "bun:test";
import { ABSENT_FAMILIES } from "#features/absent/families.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const TEXT = expect.any(String);
const NUMBER = expect.any(Number);

describe.each([...testDialects()])("the methods of protocol v3 on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const socket = await openSocket(gateway, { user: "system" });
  const SESSION = "agent:openai:ws:direct:shapes";
  const { runId } = await socket.call("chat.send", { message: "hi", sessionKey: SESSION });
  const hook = await aWebhookInstance(gateway, { agent_id: "openai" });
  await deliver(gateway, hook, { message_id: "1", text: "hello", sender_id: "42" });
  const hookName = (await gateway.call("GET", `/v1/channel-instances/${hook}`)).body.name;
  afterAll(() => gateway.stop());

  test.each<[string, object, object]>([
    ["health", {}, { status: "ok", mode: "managed", uptime: NUMBER, tools: NUMBER, database: "ok", currentId: TEXT }],
    [
      "status",
      {},
      { agents: [{ id: TEXT, model: TEXT, isRunning: false }, {}], agentTotal: 2, clients: 1, sessions: 2 },
    ],
    ["agent", { agentId: "openai" }, { id: "openai", isRunning: false }],
    ["agent.wait", { agentId: "openai" }, { id: "openai", status: "idle" }],
    ["agent.identity.get", { sessionKey: SESSION }, { agentId: "openai", name: "openai" }],
    ["agents.list", {}, { agents: [{ id: "openai", provider: "openai", status: "active", isRunning: false }, {}] }],
    [
      "agents.files.list",
      { agentId: "openai" },
      { agentId: "openai", files: expect.arrayContaining([{ name: "TOOLS.md", missing: true }]) },
    ],
    [
      "agents.files.get",
      { agentId: "openai", name: "TOOLS.md" },
      { agentId: "openai", file: { name: "TOOLS.md", missing: true } },
    ],
    [
      "agents.files.set",
      { agentId: "openai", name: "SOUL.md", content: "Be kind." },
      { agentId: "openai", file: { missing: false, size: 8 }, propagated: 0 },
    ],
    ["agents.links.list", { agentId: "openai", direction: "all" }, { links: [], count: 0 }],
    [
      "chat.history",
      { sessionKey: SESSION },
      {
        messages: [
          { role: "user", content: "hi" },
          { role: "assistant", content: "echo: hi" },
        ],
      },
    ],
    ["chat.session.status", { sessionKey: SESSION }, { isRunning: false, runId: "", activity: null }],
    ["chat.abort", { sessionKey: SESSION }, { ok: true, aborted: false, notFound: true, runIds: [] }],
    [
      "sessions.list",
      { agentId: "openai", limit: 1 },
      { sessions: [{ key: TEXT, messageCount: 2 }], total: 2, limit: 1, offset: 0 },
    ],
    ["sessions.preview", { key: SESSION }, { key: SESSION, messages: [{}, {}], summary: "" }],
    ["sessions.patch", { key: SESSION, label: "Cáo 🦊", metadata: { a: "1" } }, { ok: true, key: SESSION }],
    ["sessions.compact", { key: SESSION }, { ok: true, message: "session too short to compact", kept: 2 }],
    [
      "run.timeline.get",
      { sessionKey: SESSION, limit: 10 },
      {
        runId,
        sessionKey: SESSION,
        items: [
          { item_type: "run.status", status: "started" },
          { item_type: "assistant.message", content: "echo: hi" },
          { item_type: "run.status", status: "completed" },
        ],
        limit: 10,
        offset: 0,
      },
    ],
    [
      "skills.list",
      {},
      { skills: expect.arrayContaining([expect.objectContaining({ slug: "skill-creator", is_system: true })]) },
    ],
    ["skills.get", { id: "skill-creator" }, { slug: "skill-creator" }],
    [
      "usage.get",
      { limit: 1 },
      { records: [{ agentId: "openai", inputTokens: NUMBER, totalTokens: NUMBER, timestamp: NUMBER }], total: 2 },
    ],
    ["usage.summary", {}, { byAgent: { openai: { sessions: 2, totalTokens: NUMBER } }, totalRecords: 2 }],
    [
      "quota.usage",
      {},
      { enabled: false, requestsToday: 2, uniqueUsersToday: 2, entries: [{ hour: { used: 1, limit: 0 } }, {}] },
    ],
    ["channels.list", {}, { channels: [TEXT] }],
    ["channels.status", {}, { channels: { [hookName]: { enabled: true, state: TEXT, checked_at: TEXT } } }],
    ["channels.instances.list", {}, { instances: [{ id: hook }] }],
    ["channels.instances.get", { id: hook }, { id: hook, name: hookName }],
    ["channels.instances.update", { id: hook, updates: { display_name: "Hook" } }, { status: "updated" }],
    ["channels.toggle", { channel: hookName, enabled: true }, { ok: true, enabled: true }],
    ["device.pair.list", {}, { pending: [], paired: [] }],
    ["browser.pairing.status", { sender_id: "unknown" }, { status: "expired" }],
    ["delegations.list", {}, { records: [], total: 0 }],
    ["tenants.mine", {}, { tenants: [{ slug: "master" }] }],
    ["tenants.list", {}, { tenants: [{ slug: "master" }] }],
    ["api_keys.list", {}, []],
    ["logs.tail", { action: "stop" }, { status: "stopped" }],
    ["sessions.reset", { key: SESSION }, { ok: true }],
    ["sessions.delete", { key: SESSION }, { ok: true }],
  ])("%s answers in the shape that clients know", async (method, params, shape) => {
    expect(await socket.call(method, params)).toMatchObject(shape);
  });

  test("a session's metadata is merged", async () => {
    const key = "agent:openai:ws:direct:merged";
    await socket.call("chat.send", { message: "hi", sessionKey: key });
    await socket.call("sessions.patch", { key, metadata: { a: "1", b: "2" } });
    await socket.call("sessions.patch", { key, metadata: { b: "3" } });
    expect((await gateway.call("GET", `/v1/sessions/${key}`)).body.metadata).toEqual({ a: "1", b: "3" });
  });

  test("an agent lives by its key", async () => {
    const created = await socket.call("agents.create", { name: "Trợ lý Việt", provider: "openai", model: "m" });
    expect(created).toMatchObject({ ok: true, agentId: "tro-ly-viet", name: "Trợ lý Việt", workspace: TEXT });
    expect(await refused(socket.call("agents.create", { name: "Trợ lý Việt" }))).toMatchObject({
      code: "ALREADY_EXISTS",
    });
    const updated = await socket.call("agents.update", {
      agentId: "tro-ly-viet",
      name: "Lan",
      budget_monthly_cents: 5,
    });
    expect(updated).toEqual({ ok: true, agentId: "tro-ly-viet" });
    const { link } = await socket.call("agents.links.create", { sourceAgent: "openai", targetAgent: "tro-ly-viet" });
    expect(link).toMatchObject({ source_agent_key: "openai", max_concurrent: 3, direction: "outbound" });
    expect(await socket.call("agents.links.update", { linkId: link.id, maxConcurrent: 7 })).toEqual({ ok: true });
    expect((await socket.call("agents.links.list", { agentId: "openai" })).links[0].max_concurrent).toBe(7);
    expect(await socket.call("agents.links.delete", { linkId: link.id })).toEqual({ ok: true });
    expect(await socket.call("agents.delete", { agentId: "tro-ly-viet" })).toMatchObject({ ok: true });
    expect(await refused(socket.call("agents.delete", { agentId: "default" }))).toMatchObject({
      code: "FAILED_PRECONDITION",
    });
    expect(await refused(socket.call("agents.files.get", { agentId: "openai", name: "X.md" }))).toMatchObject({
      code: "INVALID_REQUEST",
    });
  });

  test("a tenant's people are added and removed", async () => {
    await aTenant(gateway, `people-${dialect}`);
    const who = { tenant_id: `people-${dialect}`, user_id: "Nguyễn 🦊" };
    expect(await socket.call("tenants.users.add", { ...who, role: "operator" })).toEqual({ ok: "true" });
    expect((await socket.call("tenants.users.list", who)).users).toMatchObject([{ user_id: "Nguyễn 🦊" }]);
    expect(await socket.call("tenants.users.remove", who)).toEqual({ ok: "true" });
    expect(await socket.call("tenants.update", { id: `people-${dialect}`, name: "People" })).toEqual({ ok: "true" });
  });

  test("a key is made and revoked", async () => {
    const key = await socket.call("api_keys.create", { name: "ci", scopes: ["operator.read"] });
    expect(key).toMatchObject({ name: "ci", key: expect.stringMatching(/^goclaw_[0-9a-f]{32}$/) });
    expect(await socket.call("api_keys.revoke", { id: key.id })).toEqual({ status: "revoked" });
  });

  test("a chat that only carries answers, and one that nobody knows, cannot be written to", async () => {
    const to = { to: "42", message: "hi" };
    expect(await refused(socket.call("send", { channel: hookName, ...to }))).toMatchObject({
      code: "FAILED_PRECONDITION",
    });
    expect(await refused(socket.call("send", { channel: "nowhere", ...to }))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("the log comes with its latest lines, and without secrets", async () => {
    const tail = await openSocket(gateway, { user: "system" });
    expect(await tail.call("logs.tail", { action: "start", level: "warn" })).toEqual({
      status: "tailing",
      level: "warn",
    });
    expect((await tail.event(({ event }) => event === "log")).payload).toMatchObject({ message: "tailing started" });
    const tenantAdmin = await aKey(gateway, ["operator.admin"], { tenant: `people-${dialect}` });
    const other = await openSocket(gateway, { token: tenantAdmin.bearer });
    expect(await refused(other.call("logs.tail", { action: "start" }))).toMatchObject({ code: "UNAUTHORIZED" });
    await Promise.all([tail.close(), other.close()]);
  });

  describe("families without a feature", () => {
    const reads = ABSENT_FAMILIES.flatMap(({ name, reads }) =>
      Object.entries(reads).map(([method, answer]) => [`${name}.${method}`, answer] as const),
    );
    const others = ABSENT_FAMILIES.flatMap(({ name, refused }) =>
      Object.keys(refused).map((method) => `${name}.${method}`),
    );

    test.each(reads)("%s says that there is nothing", async (method, answer) => {
      expect(await socket.call(method)).toEqual(answer);
    });

    test.each(others)("%s is refused", async (method) => {
      const error = { code: "UNAVAILABLE", retryable: false, details: { reason: "not_implemented" } };
      expect(await refused(socket.call(method))).toMatchObject(error);
    });
  });

  test("roles are those of the operations", async () => {
    const { bearer } = await aKey(gateway, ["operator.read"]);
    const reader = await openSocket(gateway, { token: bearer });
    for (const method of ["chat.send", "agents.create", "cron.create", "send", "logs.tail", "tenants.list"]) {
      expect(await refused(reader.call(method))).toMatchObject({ code: "UNAUTHORIZED" });
    }
    expect(await reader.call("agents.list")).toHaveProperty("agents");
    await reader.close();
  });

  test("an owner sees the tenant of its choice", async () => {
    await gateway.call("POST", "/v1/tenants", { name: "Ünïcode 🦊", slug: `uni-${dialect}` }, OWNER);
    const owner = await openSocket(gateway, { user: "system", params: { tenant_id: `uni-${dialect}` } });
    expect(
      await owner.call("connect", { token: gateway.token, user_id: "system", tenant_hint: `uni-${dialect}` }),
    ).toMatchObject({
      ...{ role: "owner", is_owner: true, is_master_scope: true },
      ...{ tenant_name: "Ünïcode 🦊", tenant_slug: `uni-${dialect}` },
    });
    expect(await refused(owner.call("connect", { token: gateway.token, tenant_id: "nowhere" }))).toMatchObject({
      code: "NOT_FOUND",
    });
    await owner.close();
  });
});
