import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("agents on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const aName = () => `a-${newId()}`;
  const create = (input: object = {}, options = {}) =>
    call("POST", "/v1/agents", { agent_key: aName(), provider: "demo", model: "demo", ...input }, options);
  const get = (id: string, options = {}) => call("GET", `/v1/agents/${id}`, undefined, options);
  const put = (id: string, input: object, options = {}) => call("PUT", `/v1/agents/${id}`, input, options);
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const fileOf = async (id: string, name: string) =>
    db.read
      .selectFrom("agent_context_files")
      .select("content")
      .where("agent_id", "=", id)
      .where("file_name", "=", name)
      .executeTakeFirst();

  test("a new agent has every default and belongs to its creator", async () => {
    const input = { agent_key: "support", owner_id: "eve", id: "x", restrict_to_workspace: false };
    const created = await create(input);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      agent_key: "support",
      tenant_id: MASTER_TENANT_ID,
      owner_id: "ada",
      agent_type: "predefined",
      status: "active",
      context_window: 200_000,
      max_tool_iterations: 30,
      max_tokens: 0,
      skill_nudge_interval: 0,
      workspace: "support",
      restrict_to_workspace: true,
      is_default: false,
      emoji: "",
      agent_description: "",
      thinking_level: "",
      self_evolve: false,
      memory_config: { enabled: true },
      compaction_config: {},
    });
    expect(created.body).not.toHaveProperty("display_name");
    expect(created.body).not.toHaveProperty("budget_monthly_cents");
    expect((await get("support")).body).toEqual(created.body);
    expect((await get(created.body.id)).body).toEqual(created.body);
  });

  test("null and non-positive values mean the default in a new agent", async () => {
    const { body } = await create({ context_window: 0, max_tool_iterations: -5, memory_config: null, emoji: null });
    expect(body).toMatchObject({
      context_window: 200_000,
      max_tool_iterations: 30,
      memory_config: { enabled: true },
      emoji: "",
    });
  });

  test("bad requests are refused", async () => {
    const key = aName();
    await create({ agent_key: key });
    expect((await create({ agent_key: key })).body.error.code).toBe("ALREADY_EXISTS");
    for (const input of [
      { agent_key: "Bad Key" },
      { agent_key: newId() },
      { agent_key: undefined },
      { model: undefined },
      { provider: "" },
      { budget_monthly_cents: -1 },
      { thinking_level: "extreme" },
      { other_config: { v3_flag: "yes" } },
      { tools_config: { profile: "everything" } },
      { tools_config: { byProvider: { openai: { deny: "web_fetch" } } } },
      { compaction_config: { maxHistoryShare: -4 } },
      { other_config: { on_busy: "wait" } },
      { other_config: { max_tool_calls: -3 } },
      { other_config: [] },
      { model_fallback: { candidates: [{ provider: "p" }] } },
      { display_name: "a\u0000b" },
    ]) {
      expect([(await create(input)).status, input]).toEqual([400, input]);
    }
  });

  test("writes need a user, reads by administrators do not", async () => {
    const { id } = (await create()).body;
    const nobody = { user: null };
    for (const answer of [
      await create({}, nobody),
      await put(id, {}, nobody),
      await call("DELETE", `/v1/agents/${id}`, undefined, nobody),
      await call("POST", `/v1/agents/${id}/shares`, { user_id: "bob" }, nobody),
    ]) {
      expect([answer.status, answer.body.error.code]).toEqual([400, "INVALID_REQUEST"]);
    }
    expect((await get(id, nobody)).status).toBe(200);
    const admin = { ...(await aKey(gateway, ["admin"])), user: null };
    expect((await call("GET", "/v1/agents", undefined, admin)).body.agents.length).toBeGreaterThan(1);
    const reader = { ...(await aKey(gateway, ["read"])), user: null };
    const open = (await call("GET", "/v1/agents", undefined, reader)).body.agents;
    expect(open.map(({ is_default }: { is_default: boolean }) => is_default)).toEqual([true]);
    expect((await get(id, reader)).status).toBe(403);
    const bound = { ...(await aKey(gateway, ["write"], { owner_id: "grace" })), user: null };
    expect((await create({}, bound)).body.owner_id).toBe("grace");
  });

  test("the list shows own, shared and default agents, newest first", async () => {
    const user = `user-${aName()}`;
    const [first, second, third] = [aName(), aName(), aName()];
    await create({ agent_key: first }, { user });
    await create({ agent_key: second, is_default: true });
    const { id } = (await create({ agent_key: third })).body;
    await create();
    await call("POST", `/v1/agents/${id}/sharing`, { user_id: user });
    const keysOf = async (options: object) =>
      (await call("GET", "/v1/agents", undefined, options)).body.agents.map(
        (agent: { agent_key: string }) => agent.agent_key,
      );
    expect(await keysOf({ user })).toEqual([third, second, first]);
    expect(await keysOf(OWNER)).toEqual(expect.arrayContaining([first, second, third]));
  });

  test("only the agent's owner and the gateway's owner change an agent, and read-only fields stay", async () => {
    const { id, created_at } = (await create({ budget_monthly_cents: 100, emoji: "x" })).body;
    expect((await put(id, { model: "other" }, { user: "eve" })).status).toBe(403);
    const input = { model: "other", owner_id: "eve", tenant_id: newId(), created_at: "2000", nonsense: 1 };
    expect((await put(id, input)).body).toEqual({ ok: "true" });
    expect((await put(id, { budget_monthly_cents: null, emoji: null, tools_config: null }, OWNER)).status).toBe(200);
    const { body } = await get(id);
    expect(body).toMatchObject({ model: "other", owner_id: "ada", created_at, emoji: "", tools_config: {} });
    expect(body).not.toHaveProperty("budget_monthly_cents");
  });

  test("a request can set the status only to active or inactive", async () => {
    const { id } = (await create({ status: "summoning" })).body;
    expect((await get(id)).body.status).toBe("active");
    await put(id, { status: "inactive" });
    await put(id, { status: "summoning" });
    expect((await get(id)).body.status).toBe("inactive");
    expect((await put(id, { status: "odd" })).status).toBe(400);
  });

  test("a tenant has one default agent: the flag moves, and every user may use the agent that has it", async () => {
    const [first, second] = [(await create({ is_default: true })).body.id, (await create()).body.id];
    expect((await get(first, { user: "anyone" })).status).toBe(200);
    await put(second, { is_default: true });
    expect([(await get(first)).body.is_default, (await get(second)).body.is_default]).toEqual([false, true]);
    expect((await get(first, { user: "anyone" })).status).toBe(403);
    await put(second, { is_default: null });
    expect((await get(second)).body.is_default).toBe(false);
  });

  test("an agent is renamed, but not to a key that is taken", async () => {
    const { id, agent_key } = (await create()).body;
    const renamed = aName();
    await put(agent_key, { agent_key: renamed });
    expect((await get(renamed)).body.id).toBe(id);
    expect((await get(agent_key)).status).toBe(404);
    const other = (await create()).body.agent_key;
    expect((await put(id, { agent_key: other })).body.error.code).toBe("ALREADY_EXISTS");
    expect((await put(id, { agent_key: "Bad Key" })).status).toBe(400);
  });

  test("object settings are normalised and otherwise kept unchanged", async () => {
    const { body } = await create({
      tools_config: { toolPrefix: "My Tool_", allow: ["a"], custom: 1 },
      chatgpt_oauth_routing: { strategy: "manual" },
      reasoning_config: { override_mode: "custom", effort: "high" },
    });
    expect(body.tools_config).toEqual({ toolCallPrefix: "yool_", allow: ["a"], custom: 1 });
    expect(body.chatgpt_oauth_routing).toEqual({ strategy: "priority_order" });
    expect(body.reasoning_config).toEqual({ override_mode: "custom", effort: "high" });
  });

  test("an update of more than 64 KiB is refused", async () => {
    const { id } = (await create()).body;
    const answer = await put(id, { agent_description: "x".repeat(64 * 1_024) });
    expect([answer.status, answer.body.error.code]).toEqual([413, "INVALID_REQUEST"]);
  });

  test("a new agent has its context files, and its name follows the display name", async () => {
    const { id } = (await create({ display_name: "Ada" })).body;
    for (const name of ["AGENTS.md", "SOUL.md", "USER.md"]) expect(await fileOf(id, name)).toBeDefined();
    expect((await fileOf(id, "IDENTITY.md"))?.content).toContain("\nName: Ada\n");
    await put(id, { display_name: "Grace $& Co" });
    expect((await fileOf(id, "IDENTITY.md"))?.content).toContain("\nName: Grace $& Co\n");
  });

  test("deleting an agent deletes its sessions, messages and files", async () => {
    const { id } = (await create()).body;
    await db.write(async (queries) => {
      const counters = { compaction_count: 0, message_count: 1, text_bytes: 0, input_tokens: 0, output_tokens: 0 };
      const at = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };
      const texts = { user_id: "ada", channel: "http", label: "", metadata: "{}", summary: "", search_text: "" };
      const pointers = { head_id: null, active_run_id: null, summary_until_id: null };
      const session = {
        id: newId(),
        key: newId(),
        is_named: 1 as const,
        agent_id: id,
        ...texts,
        ...pointers,
        ...counters,
        ...at,
      };
      await queries.insertInto("sessions", session).execute();
      const place = {
        session_id: session.id,
        parent_id: null,
        depth: 0,
        run_id: null,
        refused: null,
        created_at: at.created_at,
      };
      await queries
        .insertInto("messages", { id: newId(), role: "user", parts: "[]", is_complete: 1, ...place })
        .execute();
    });
    expect((await call("DELETE", `/v1/agents/${id}`, undefined, { user: "eve" })).status).toBe(403);
    expect((await call("DELETE", `/v1/agents/${id}`)).body).toEqual({ ok: "true" });
    expect((await call("DELETE", `/v1/agents/${id}`)).status).toBe(404);
    expect(await fileOf(id, "SOUL.md")).toBeUndefined();
    for (const table of ["sessions", "messages"] as const) {
      expect(await db.read.selectFrom(table).select("id").execute()).toEqual([]);
    }
  });

  test("the agent with the default key cannot be deleted; any other default agent can", async () => {
    const refused = await call("DELETE", "/v1/agents/default", undefined, OWNER);
    expect([refused.status, refused.body.error.code]).toEqual([409, "FAILED_PRECONDITION"]);
    const flagged = (await create({ is_default: true })).body.id;
    expect((await call("DELETE", `/v1/agents/${flagged}`)).status).toBe(200);
  });

  test("another tenant's agent is not found, and its key is free there", async () => {
    const acme = await aTenant(gateway, "acme");
    const { id, agent_key } = (await create({ is_default: true })).body;
    const theirs = await aKey(gateway, ["admin"], { tenant: "acme" });
    for (const name of [id, agent_key, "%00", "no such agent"]) {
      expect((await get(name, theirs)).status).toBe(404);
      expect((await put(name, {}, theirs)).status).toBe(404);
      expect((await call("DELETE", `/v1/agents/${name}`, undefined, theirs)).status).toBe(404);
      expect((await call("GET", `/v1/agents/${name}/sharing`, undefined, theirs)).status).toBe(404);
      expect((await call("POST", `/v1/agents/${name}/sharing`, { user_id: "x" }, theirs)).status).toBe(404);
      expect((await call("DELETE", `/v1/agents/${name}/sharing/x`, undefined, theirs)).status).toBe(404);
    }
    const created = await create({ agent_key, is_default: true }, theirs);
    expect([created.status, created.body.tenant_id]).toEqual([201, acme]);
    expect((await get(id)).body.is_default).toBe(true);
  });

  test("only the gateway's owner creates agents in other tenants", async () => {
    const tenant_id = await aTenant(gateway, "elsewhere");
    expect((await create({ tenant_id }, OWNER)).body.tenant_id).toBe(tenant_id);
    expect((await create({ tenant_id })).body.tenant_id).toBe(MASTER_TENANT_ID);
    expect((await create({ tenant_id: newId() }, OWNER)).status).toBe(400);
  });

  test("each change leaves one line in the activity log, and a call that changes nothing leaves none", async () => {
    const { id } = (await create()).body;
    await put(id, { model: "other" });
    await put(id, { model: "" });
    await call("POST", `/v1/agents/${id}/shares`, { user_id: "bob" });
    for (let times = 0; times < 2; times++) await call("DELETE", `/v1/agents/${id}/shares/bob`);
    await call("DELETE", `/v1/agents/${id}`);
    const log = db.read.selectFrom("activity_logs").selectAll().where("entity_id", "=", id).orderBy("id");
    const rows = await log.execute();
    expect(rows.map(({ action }) => action)).toEqual([
      "agent.created",
      "agent.updated",
      "agent.shared",
      "agent.share_revoked",
      "agent.deleted",
    ]);
    expect(rows[0]).toMatchObject({ actor_type: "user", actor_id: "ada", entity_type: "agent" });
  });

  test("a read-only key can read agents but not change them", async () => {
    const { id } = (await create()).body;
    const key = await aKey(gateway, ["read"]);
    expect((await get(id, key)).status).toBe(200);
    expect((await create({}, key)).status).toBe(403);
    expect((await put(id, {}, key)).status).toBe(403);
    expect((await call("DELETE", `/v1/agents/${id}`, undefined, key)).status).toBe(403);
    expect((await call("POST", `/v1/agents/${id}/shares`, { user_id: "x" }, key)).status).toBe(403);
    expect((await create({}, await aKey(gateway, ["operator.approvals"]))).status).toBe(403);
  });
});
