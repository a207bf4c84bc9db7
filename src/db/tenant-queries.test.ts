import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const TIME = "2026-01-02T03:04:05.000Z";

describe.each([...testDialects()])("the queries of a tenant on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-queries-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  await database.migrate(new Date(TIME));
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  const system = database.system("a test of queries");
  const aTenant = async (...users: readonly string[]) => {
    const id = toTenantId(newId());
    await system.write((db) =>
      sql`insert into tenants values (${id}, 'T', ${id}, 'active', '{}', 'x', 'x')`.execute(db),
    );
    const rows = users.map((user_id) => ({ user_id, role: "member", created_at: "x" }));
    if (rows.length > 0) {
      await database.forTenant(id).write((queries) => queries.insertInto("tenant_users", rows).execute());
    }
    return id;
  };

  test("know their dialect and their tenant", async () => {
    const tenant = await aTenant();
    const { read, reports, write } = database.forTenant(tenant);
    for (const queries of [read, reports]) expect([queries.dialect, queries.tenantId]).toEqual([dialect, tenant]);
    expect(await write(async (queries) => [queries.dialect, queries.tenantId])).toEqual([dialect, tenant]);
  });

  test("rest within a unit, of which others see nothing until it ends", async () => {
    const tenant = database.forTenant(await aTenant("ada"));
    const users = async () => (await tenant.read.selectFrom("tenant_users").select("user_id").execute()).length;
    const seen: Promise<number>[] = [];
    await tenant.write(async (queries) => {
      const row = { user_id: "bo", role: "member", created_at: "x" };
      await queries.insertInto("tenant_users", row).execute();
      setImmediate(() => seen.push(users()));
      await queries.rest();
      await queries.deleteFrom("tenant_users").where("user_id", "=", "ada").execute();
      await queries.rest();
      // On Postgres, a read takes as long as it likes.
      if (dialect === "postgres") await Promise.all(seen);
      await queries.insertInto("tenant_users", { ...row, user_id: "cy" }).execute();
    });
    expect(await Promise.all(seen)).toEqual([1]);
    expect(await users()).toBe(2);
  });

  test("read from two queries at once, as from two tables", async () => {
    const { read } = database.forTenant(await aTenant("ada", "bob"));
    const others = read.selectFrom("tenant_users").select(({ fn }) => fn.countAll().as("count"));
    const rows = await read
      .selectFromQueries(read.selectFrom("tenant_users").select("user_id"), others)
      .select(["user_id", sql<number>`(select count from others)`.as("count")])
      .orderBy("user_id")
      .execute();
    expect(rows).toEqual([
      { user_id: "ada", count: 2 },
      { user_id: "bob", count: 2 },
    ]);
  });

  test("find the row of a key that has several columns, beside its neighbours", async () => {
    const tenant = await aTenant("ada", "bob");
    const found = await database
      .forTenant(tenant)
      .write((queries) =>
        queries.insertOrLock("tenant_users", { user_id: "bob", role: "member", created_at: "y" }, ["user_id", "role"]),
      );
    expect(found).toEqual({ tenant_id: tenant, user_id: "bob", role: "member", created_at: "x" });
  });

  test("take turns without end in one transaction", async () => {
    const { write } = database.forTenant(await aTenant());
    const value = await write(async (queries) => {
      await queries.takeTurn("a");
      await queries.takeTurn("a");
      await queries.takeTurn("b");
      return "done";
    });
    expect(value).toBe("done");
  });

  // SQLite has one writer, so nothing there waits for a lock.
  describe.skipIf(dialect === "sqlite")("that lock", () => {
    const countWaiting = async () => {
      const waiting = sql<{ count: number }>`(select count(*) as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock')`.as("waiting");
      return (await system.read.selectFrom(waiting).select("count").executeTakeFirstOrThrow()).count;
    };

    /** Runs a unit in two transactions. Tells whether the second one waits until the first one ends. */
    async function mustWait(
      [first, unit]: readonly [TenantId, (queries: TenantQueries) => Promise<unknown>],
      [second, other]: readonly [TenantId, (queries: TenantQueries) => Promise<unknown>],
    ): Promise<boolean> {
      const { promise: end, resolve: finish } = Promise.withResolvers<void>();
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const holding = database.forTenant(first).write(async (queries) => {
        await unit(queries);
        begin();
        await end;
      });
      await begun;
      let isDone = false;
      const waiting = database
        .forTenant(second)
        .write(other)
        .finally(() => {
          isDone = true;
        });
      while (!isDone && (await countWaiting()) === 0) await Bun.sleep(5);
      const waits = !isDone;
      finish();
      await Promise.all([holding, waiting]);
      return waits;
    }

    const lockUser = (user: string) => (queries: TenantQueries) =>
      queries.selectForUpdate("tenant_users").select("role").where("user_id", "=", user).execute();
    const readUser = (queries: TenantQueries) => queries.selectFrom("tenant_users").select("role").execute();
    const turn = (name: string) => (queries: TenantQueries) => queries.takeTurn(name);

    test("a row let others wait that lock it, and nobody else", async () => {
      const tenant = await aTenant("ada", "bob");
      expect(await mustWait([tenant, lockUser("ada")], [tenant, lockUser("ada")])).toBe(true);
      expect(await mustWait([tenant, lockUser("ada")], [tenant, lockUser("bob")])).toBe(false);
      expect(await mustWait([tenant, lockUser("ada")], [tenant, readUser])).toBe(false);
      expect(await mustWait([tenant, readUser], [tenant, lockUser("ada")])).toBe(false);
    });

    test("a turn let others of the tenant wait for the same turn, and nobody else", async () => {
      const [tenant, other] = [await aTenant(), await aTenant()];
      expect(await mustWait([tenant, turn("a")], [tenant, turn("a")])).toBe(true);
      expect(await mustWait([tenant, turn("a")], [tenant, turn("b")])).toBe(false);
      expect(await mustWait([tenant, turn("a")], [other, turn("a")])).toBe(false);
    });
  });
});
