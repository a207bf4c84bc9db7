import { afterAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Actor } from "#core/access/actor.ts";
import type { Context } from "#core/context.ts";
import { defineEvent, eventBus } from "#core/events/events.ts";
import { mutate, mutateAs } from "#core/mutate.ts";
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
    const ctx = { db, operation: { name: "things.rename" } } as Context;
    const unit = async () => ({ entityId: "t1", value: undefined, details: { to: "x" } });
    await expect(mutate(ctx, renamed, unit)).rejects.toThrow("things.rename makes the change thing.renamed");
  });
});
