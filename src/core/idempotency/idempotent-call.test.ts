import { describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { deleteExpiredKeys } from "#core/idempotency/delete-expired-keys.ts";
import { openForKeys } from "#core/idempotency/idempotency-fixture.ts";
import { IdempotentCall, stillInProgress } from "#core/idempotency/idempotent-call.ts";
import type { IdempotencyKeysTable } from "#db/core/core-tables.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = new Date("2026-01-02T03:04:05.000Z");
const IN_PROGRESS = expect.objectContaining({
  options: expect.objectContaining({ reason: "idempotency_in_progress" }),
});

describe.each([...testDialects()])("a call under a key on %s", async (dialect) => {
  const database = await openForKeys(dialect, NOW);
  const system = database.system("a test of idempotency");

  const db = database.forTenant(MASTER_TENANT_ID);
  let keys = 0;
  /** Begins a call of the process `n1:b1`, beside one with the same key of another caller. */
  async function begin(changes: Partial<IdempotencyKeysTable> = {}) {
    const scope = { principal: "gateway:ada", route: "agents.create", key: `key-${++keys}` };
    const facts = { request_hash: "h", state: "running" as const, owner: "n1:b1", answer: null, run_id: null };
    const row = { ...scope, ...facts, created_at: NOW.toISOString(), expires_at: NOW.toISOString(), ...changes };
    await db.write(async (queries) => {
      for (const principal of ["gateway:ada", "gateway:bob"]) {
        await queries.insertInto("idempotency_keys", { ...row, principal }).execute();
      }
    });
    const find = async (principal: string) =>
      db.read
        .selectFrom("idempotency_keys")
        .select(["state", "answer", "run_id"])
        .where("key", "=", scope.key)
        .where("principal", "=", principal)
        .executeTakeFirst();
    const before = await find("gateway:bob");
    const stored = async () => {
      expect(await find("gateway:bob")).toEqual(before);
      return find("gateway:ada");
    };
    return {
      call: new IdempotentCall(scope, "n1:b1", null),
      stranger: new IdempotentCall(scope, "n2:b1", null),
      stored,
    };
  }
  const running = { state: "running", answer: null, run_id: null } as const;

  test("records its effect, with the answer if it is known", async () => {
    const { call, stored } = await begin();
    await db.write((queries) => call.markApplied(queries, undefined));
    expect(await stored()).toEqual({ ...running, state: "applied" });
    await db.write((queries) => call.markApplied(queries, "a"));
    expect(await stored()).toEqual({ ...running, state: "applied", answer: "a" });
  });

  test("records its run, and then the answer", async () => {
    const { call, stored } = await begin();
    await db.write((queries) => call.attachRun(queries, "r1"));
    expect(await stored()).toEqual({ state: "applied", answer: null, run_id: "r1" });
    await call.keepAnswer(db, "a");
    expect(await stored()).toEqual({ state: "done", answer: "a", run_id: "r1" });
  });

  test("whose answer cannot be kept had an effect all the same", async () => {
    const { call, stored } = await begin();
    await call.keepAnswer(db, undefined);
    expect(await stored()).toEqual({ ...running, state: "applied" });
  });

  test("of another process changes nothing", async () => {
    const { stranger, stored } = await begin();
    await expect(db.write((queries) => stranger.markApplied(queries, "a"))).rejects.toEqual(IN_PROGRESS);
    await expect(stranger.keepAnswer(db, "a")).rejects.toEqual(IN_PROGRESS);
    await stranger.forget(db);
    expect(await stored()).toEqual(running);
  });

  test("is forgotten while it has had no effect", async () => {
    const [first, second] = [await begin(), await begin()];
    await first.call.forget(db);
    expect(await first.stored()).toBeUndefined();
    await db.write((queries) => second.call.markApplied(queries, "a"));
    await second.call.forget(db);
    expect((await second.stored())?.state).toBe("applied");
  });

  test("that forgot its run keeps no answer, and does not touch what the next attempt stored", async () => {
    const { call, stored } = await begin({ run_id: "r1" });
    await call.forgetRun(db, "r2");
    expect((await stored())?.run_id).toBe("r1");
    await call.keepAnswer(db, "a");
    await call.forget(db);
    expect(await stored()).toEqual({ ...running, run_id: "r1" });
    await call.forgetRun(db, "r1");
    expect(await stored()).toBeUndefined();
  });

  test("is deleted with all others that have expired", async () => {
    await db.write((queries) => queries.deleteFrom("idempotency_keys").execute());
    const later = await begin({ expires_at: new Date(NOW.getTime() + 1).toISOString() });
    for (let count = 0; count < 75; count++) await begin();
    const count = async () => (await db.read.selectFrom("idempotency_keys").select("key").execute()).length;
    await deleteExpiredKeys(system, NOW);
    expect(await count()).toBe(152);
    await deleteExpiredKeys(system, new Date(NOW.getTime() + 1));
    expect(await count()).toBe(2);
    expect(await later.stored()).toEqual(running);
  });
});

test("a call that is in progress may be repeated after a second", () => {
  expect(stillInProgress()).toMatchObject({
    code: "FAILED_PRECONDITION",
    options: { reason: "idempotency_in_progress", retryable: true, retryAfterMs: 1_000 },
  });
});
