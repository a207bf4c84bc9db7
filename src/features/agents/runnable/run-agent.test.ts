import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import type { Context } from "#core/context.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import type { TenantDatabase } from "#db/database.ts";
import { createAgentSource, createDefaultAgent, resolveRunAgent } from "#features/agents/index.ts";
import { createContextFileSource } from "#features/agents/runnable/create-context-file-source.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { buildSystemPrompt } from "#runtime/prompt/build-prompt.ts";
import { agentSource } from "#runtime/runs/runnable-agent.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("agents for runs on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { database } = gateway.gateway;
  afterAll(() => gateway.stop());
  const create = async (input: object = {}, user = "ada") => {
    const agent = { agent_key: `a-${newId()}`, provider: "demo", model: "demo", ...input };
    return (await gateway.call("POST", "/v1/agents", agent, { user })).body;
  };
  const aContext = (overrides: Partial<Context> = {}): Context =>
    ({
      db: database.forTenant(MASTER_TENANT_ID),
      role: "operator",
      userId: "ada",
      isUserKnown: true,
      options: {},
      use: (token) => gateway.gateway.services.use(token),
      ...overrides,
    }) as Context;

  const promptOf = async (db: TenantDatabase, id: string) => {
    const events = createLocalEventBus(createLogger("silent"));
    const agent = await createAgentSource(events).load(db, id);
    if (!agent) throw new Error(`no agent ${id}`);
    const subject = { agent, userId: "ada", sessionId: "s", message: "", hasTool: () => false };
    return buildSystemPrompt(await createContextFileSource(events).load(db, subject), undefined);
  };

  test("the named agent takes precedence over the header's agent, and that one over the default", async () => {
    const [named, hinted] = [await create(), await create()];
    const ctx = aContext({ options: { agent: hinted.agent_key } });
    expect((await resolveRunAgent(ctx, named.id)).id).toBe(named.id);
    expect((await resolveRunAgent(ctx, undefined)).id).toBe(hinted.id);
    expect((await resolveRunAgent(aContext(), undefined)).key).toBe("default");
  });

  test("the agent marked as the default runs if no agent has the default key", async () => {
    const tenant_id = await aTenant(gateway, "bare");
    const ctx = aContext({ db: database.forTenant(toTenantId(tenant_id)), tenantId: toTenantId(tenant_id) });
    await expect(resolveRunAgent(ctx, undefined)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const flagged = await create({ tenant_id, is_default: true }, "system");
    expect((await resolveRunAgent(ctx, "")).id).toBe(flagged.id);
    await create({ tenant_id, agent_key: "default" }, "system");
    const owner = { ...ctx, userId: "system", role: "owner" as const };
    expect((await resolveRunAgent(owner, undefined)).key).toBe("default");
  });

  test("unknown, foreign and inactive agents are refused", async () => {
    const [foreign, inactive] = [await create({}, "eve"), await create({ status: "inactive" })];
    await expect(resolveRunAgent(aContext(), "nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(resolveRunAgent(aContext(), foreign.id)).rejects.toMatchObject({ options: { status: 403 } });
    await expect(resolveRunAgent(aContext(), inactive.id)).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      options: { reason: "agent_inactive" },
    });
  });

  test("an agent is loaded with its files in order and its reasoning effort", async () => {
    const db = database.forTenant(MASTER_TENANT_ID);
    const { id, agent_key } = await create({
      thinking_level: "low",
      max_tokens: 500,
      reasoning_config: { override_mode: "custom", effort: "xhigh" },
    });
    await db.write((queries) =>
      queries
        .insertInto("agent_context_files", { agent_id: id, file_name: "A.md", content: "a", updated_at: "now" })
        .execute(),
    );
    const agent = await createAgentSource(createLocalEventBus(createLogger("silent"))).load(db, id);
    expect(agent).toMatchObject({
      id,
      key: agent_key,
      maxIterations: 30,
      maxOutputTokens: 500,
    });
    expect(agent?.reasoningEffort).toBe("xhigh");
    const prompt = await promptOf(db, id);
    expect(prompt).toStartWith(`You are ${agent_key}, an AI agent.`);
    const names = [...prompt.matchAll(/<context_file name="([^"]+)">/g)].map(([, name]) => name);
    expect(names).toEqual(["AGENTS.md", "SOUL.md", "IDENTITY.md", "USER.md", "A.md"]);
    expect(await createAgentSource(createLocalEventBus(createLogger("silent"))).load(db, newId())).toBeUndefined();
  });

  test("a change takes effect with the next run, although agents are cached", async () => {
    const db = database.forTenant(MASTER_TENANT_ID);
    const { id } = await create({ max_tool_iterations: 3 });
    const agents = gateway.gateway.services.use(agentSource);
    expect((await agents.load(db, id))?.maxIterations).toBe(3);
    await gateway.call("PUT", `/v1/agents/${id}`, { max_tool_iterations: 4 }, { user: "ada" });
    expect((await agents.load(db, id))?.maxIterations).toBe(4);
    await gateway.call("DELETE", `/v1/agents/${id}`, undefined, { user: "ada" });
    expect(await agents.load(db, id)).toBeUndefined();
  });

  test("the thinking level applies without a custom configuration, and off sets no effort", async () => {
    const db = database.forTenant(MASTER_TENANT_ID);
    const effortOf = async (input: object) =>
      (await createAgentSource(createLocalEventBus(createLogger("silent"))).load(db, (await create(input)).id))
        ?.reasoningEffort;
    expect(await effortOf({ thinking_level: "low", reasoning_config: { effort: "high" } })).toBe("low");
    expect(await effortOf({ thinking_level: "off" })).toBeUndefined();
    expect(await effortOf({ reasoning_config: { override_mode: "custom", effort: "auto" } })).toBeUndefined();
    expect(await effortOf({})).toBe("inherit");
    expect(await effortOf({ reasoning_config: { override_mode: "inherit", effort: "high" } })).toBe("inherit");
  });

  test("the default agent of a first start is created once", async () => {
    const db = database.forTenant(toTenantId(await aTenant(gateway, "fresh")));
    const make = () =>
      db.write((queries) => createDefaultAgent(queries, { provider: "demo", model: "demo", now: new Date() }));
    const first = await make();
    expect(first).toMatchObject({ key: "default", ownerId: "system", isDefault: true, status: "active" });
    expect((await make()).id).toBe(first.id);
    expect(await promptOf(db, first.id)).toContain('name="SOUL.md"');
  });
});
