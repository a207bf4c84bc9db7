import { afterAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import type { Actor } from "#core/access/actor.ts";
import type { Context } from "#core/context.ts";
import { defineEvent, eventBus } from "#core/events/events.ts";
import { mutate, mutateAs, mutateSystem } from "#core/mutate.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const renamed = defineEvent({ type: "thing.renamed", entity: "thing", payload: z.object({ to: z.string() }) });
const NOW = new Date("2026-01-02T03:04:05.000Z");

describe.each([...testDialects()])("a change without a request on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  afterAll(() => gateway.stop());
  const { services, database } = gateway.gateway;
  const db = database.forTenant(MASTER_TENANT_ID);
  const events = services.use(eventBus);
  const activity = () =>
    db.read
      .selectFrom("activity_logs")
      .select(["actor_type", "actor_id", "action", "entity_type", "entity_id", "details", "created_at"])
      .where("action", "=", "thing.renamed")
      .orderBy("id", "desc")
      .execute();
  const rename = (actor: Actor, to: string) =>
    mutateAs({ db, actor, events, now: NOW }, renamed, async () => ({
      entityId: "t1",
      userId: "ada",
      value: `renamed to ${to}`,
      details: { to },
    }));

  test.each<[Actor, string, string]>([
    [{ kind: "job", name: "nightly" }, "system", "job:nightly"],
    [{ kind: "agent", agentKey: "support", runId: "r1" }, "agent", "support"],
    [{ kind: "channel", name: "telegram" }, "channel", "telegram"],
  ])("by %j is in the activity log and is published after the commit", async (actor, actor_type, actor_id) => {
    const seen: unknown[] = [];
    const end = events.subscribe([renamed], { receive: (event) => void seen.push(event) });
    expect(await rename(actor, actor_id)).toBe(`renamed to ${actor_id}`);
    end();
    expect((await activity())[0]).toEqual({
      actor_type,
      actor_id,
      action: "thing.renamed",
      entity_type: "thing",
      entity_id: "t1",
      details: JSON.stringify({ to: actor_id }),
      created_at: NOW.toISOString(),
    });
    const event = { type: "thing.renamed", tenantId: MASTER_TENANT_ID, entityId: "t1", userId: "ada" };
    expect(seen).toEqual([{ ...event, payload: { to: actor_id } }]);
  });

  test("that finds nothing to change leaves no audit row and no event", async () => {
    let seen = 0;
    const end = events.subscribe([renamed], { receive: () => void seen++ });
    const before = (await activity()).length;
    const author = { db, actor: { kind: "job", name: "nightly" } as const, events, now: NOW };
    expect(await mutateAs(author, renamed, async () => ({ unchanged: "as before" }))).toBe("as before");
    end();
    expect([seen, (await activity()).length]).toEqual([0, before]);
  });

  test("that fails leaves no audit row and no event", async () => {
    let seen = 0;
    const end = events.subscribe([renamed], { receive: () => void seen++ });
    const before = (await activity()).length;
    const author = { db, actor: { kind: "job", name: "nightly" } as const, events, now: NOW };
    await expect(mutateAs(author, renamed, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    end();
    expect([seen, (await activity()).length]).toEqual([0, before]);
  });

  test("by an operation is refused unless the operation declares its kind", async () => {
    const ctx = { db, operation: { name: "agents.things.rename" } } as unknown as Context;
    const unit = async () => ({ entityId: "t1", value: undefined, details: { to: "x" } });
    await expect(mutate(ctx, renamed, unit)).rejects.toThrow("agents.things.rename makes the change thing.renamed");
  });
});

describe.each([...testDialects()])("a change by an operation on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  afterAll(() => gateway.stop());
  const { services, database } = gateway.gateway;
  const db = database.forTenant(MASTER_TENANT_ID);
  const key: Actor = {
    kind: "api_key",
    keyId: "k1",
    prefix: "goclaw_1",
    scopes: [],
    tenantId: null,
    isBound: false,
    expiresAt: null,
  };
  const aContext = (changes: Partial<Context> = {}) =>
    ({
      actor: { kind: "gateway" },
      tenantId: MASTER_TENANT_ID,
      userId: "ada",
      isUserKnown: true,
      clientIp: "192.0.2.1",
      operation: { name: "agents.things.rename", audit: renamed },
      db,
      clock: { now: () => NOW },
      use: (token) => services.use(token),
      ...changes,
    }) as Context;
  const latest = () =>
    db.read
      .selectFrom("activity_logs")
      .select(["actor_type", "actor_id", "entity_id", "details", "ip_address", "created_at"])
      .where("action", "=", "thing.renamed")
      .orderBy("id", "desc")
      .executeTakeFirst();
  const listen = () => {
    const seen: unknown[] = [];
    const end = services.use(eventBus).subscribe([renamed], { receive: (event) => void seen.push(event) });
    return { seen, end };
  };
  let entities = 0;
  const anEntity = () => `thing-${++entities}`;

  test.each<[string, Partial<Context>, string, string]>([
    ["the user", {}, "user", "ada"],
    ["the user behind a key", { actor: key }, "user", "ada"],
    ["a key without a user", { actor: key, isUserKnown: false, userId: "key:goclaw_1" }, "api_key", "key:goclaw_1"],
    ["the gateway token without a user", { isUserKnown: false, userId: "system" }, "system", "system"],
  ])("is logged as made by %s", async (_, changes, actor_type, actor_id) => {
    const [entityId, ctx] = [anEntity(), aContext(changes)];
    const unit = async () => ({ entityId, value: 1, details: { to: "x" } });
    for (const change of [mutate, mutateSystem]) {
      expect(await change(ctx, renamed, unit)).toBe(1);
      expect(await latest()).toEqual({
        actor_type,
        actor_id,
        entity_id: entityId,
        details: JSON.stringify({ to: "x" }),
        ip_address: "192.0.2.1",
        created_at: NOW.toISOString(),
      });
    }
  });

  test("is published for the tenant that it names, else for the caller's", async () => {
    const [entityId, other] = [anEntity(), toTenantId("other")];
    const { seen, end } = listen();
    for (const change of [mutate, mutateSystem]) {
      await change(aContext(), renamed, async () => ({ entityId, value: 1, details: { to: "x" } }));
      await change(aContext(), renamed, async () => ({ entityId, value: 1, details: { to: "x" }, tenantId: other }));
    }
    end();
    const tenants = [MASTER_TENANT_ID, other, MASTER_TENANT_ID, other];
    const event = { type: "thing.renamed", entityId, userId: undefined, payload: { to: "x" } };
    expect(seen).toEqual(tenants.map((tenantId) => ({ ...event, tenantId })));
  });

  test("has fields that its event alone has", async () => {
    const { seen, end } = listen();
    for (const change of [mutate, mutateSystem]) {
      const eventOnly = { to: "secret" };
      await change(aContext(), renamed, async () => ({ entityId: "t1", value: 1, details: { to: "x" }, eventOnly }));
      expect((await latest())?.details).toBe(JSON.stringify({ to: "x" }));
    }
    end();
    expect(seen).toEqual([expect.objectContaining({ payload: { to: "secret" } }), expect.anything()]);
  });

  test("stores its answer with its effect, also where nothing changed", async () => {
    const answers: unknown[] = [];
    const idempotency = { markApplied: async (_: unknown, answer: unknown) => void answers.push(answer) };
    const operation = { name: "agents.things.rename", audit: renamed, output: z.string() };
    const ctx = aContext({ idempotency, operation } as unknown as Partial<Context>);
    await mutate(ctx, renamed, async () => ({ entityId: "t1", value: "made", details: { to: "x" } }));
    await mutate(ctx, renamed, async () => ({ unchanged: "as before" }));
    expect(answers.map((text) => JSON.parse(String(text)).value)).toEqual(["made", "as before"]);
  });

  test("that finds nothing to change leaves no audit row and no event", async () => {
    await mutate(aContext(), renamed, async () => ({ entityId: anEntity(), value: 1, details: { to: "x" } }));
    const [before, { seen, end }] = [await latest(), listen()];
    for (const change of [mutate, mutateSystem]) {
      expect(await change(aContext(), renamed, async () => ({ unchanged: "as before" }))).toBe("as before");
    }
    end();
    expect([await latest(), seen]).toEqual([before, []]);
  });

  test("that is not the kind that the operation declares is refused", async () => {
    const ctx = aContext({ operation: { name: "agents.things.rename" } as unknown as Context["operation"] });
    const unit = async () => ({ entityId: anEntity(), value: 1, details: { to: "x" } });
    for (const change of [mutate, mutateSystem]) {
      await expect(change(ctx, renamed, unit)).rejects.toThrow("agents.things.rename makes the change thing.renamed");
    }
  });
});
