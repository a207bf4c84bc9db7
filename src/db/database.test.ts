import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import { isForeignKeyViolation, isUniqueViolation } from "#db/errors.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const NOW = new Date("2026-01-02T03:04:05.000Z");

for (const dialect of testDialects()) {
  describe(`database on ${dialect}`, async () => {
    const home = mkdtempSync(join(tmpdir(), "goclaw-db-"));
    const { database, dispose } = await openTestDatabase(dialect, home);
    await database.migrate(NOW);
    afterAll(async () => {
      await dispose();
      rmSync(home, { recursive: true });
    });

    test("a second migration changes nothing", async () => {
      expect(await database.migrate(NOW)).toEqual([]);
    });

    test("a scoped handle sees, changes and deletes only its own tenant's rows", async () => {
      const [a, b] = [await aTenant(database), await aTenant(database)];
      await addUser(database, a, "ada");

      const other = database.forTenant(b);
      expect(await other.read.selectFrom("tenant_users").selectAll().execute()).toEqual([]);
      await other.write((tx) => tx.updateTable("tenant_users").set({ role: "owner" }).execute());
      await other.write((tx) => tx.deleteFrom("tenant_users").where("user_id", "=", "ada").execute());

      const rows = await database.forTenant(a).read.selectFrom("tenant_users").select(["user_id", "role"]).execute();
      expect(rows).toEqual([{ user_id: "ada", role: "member" }]);
    });

    test("a read during a unit of writes sees nothing of it before the commit", async () => {
      const db = database.forTenant(await aTenant(database));
      const users = () => db.read.selectFrom("tenant_users").select("user_id").execute();
      const during = await db.write(async (queries) => {
        const row = { user_id: "ada", role: "member", created_at: NOW.toISOString() };
        await queries.insertInto("tenant_users", row).execute();
        return users();
      });
      expect([during, await users()]).toEqual([[], [{ user_id: "ada" }]]);
    });

    test("a handle for reads has no way to write", async () => {
      const { read } = database.forTenant(await aTenant(database));
      for (const name of ["insertInto", "updateTable", "deleteFrom", "selectForUpdate"]) {
        expect([name, name in read]).toEqual([name, false]);
      }
    });

    test("insertOrLock inserts a missing row, and returns a stored one unchanged", async () => {
      const [db, other] = [database.forTenant(await aTenant(database)), database.forTenant(await aTenant(database))];
      const row = (role: string, user_id = "ada") => ({ user_id, role, created_at: NOW.toISOString() });
      const roleOf = (tenant: typeof db, role: string, user?: string) =>
        tenant.write(
          async (queries) => (await queries.insertOrLock("tenant_users", row(role, user), ["user_id"])).role,
        );
      expect(await roleOf(db, "admin")).toBe("admin");
      expect(await roleOf(db, "member")).toBe("admin");
      expect(await roleOf(db, "member", "bob")).toBe("member");
      expect(await roleOf(other, "viewer")).toBe("viewer");
    });

    test("a failing unit writes nothing and does not affect other units", async () => {
      const tenant = await aTenant(database);
      const outcomes = await Promise.allSettled([
        addUser(database, tenant, "u1"),
        database.forTenant(tenant).write(async (tx) => {
          await tx.insertInto("tenant_users", { user_id: "u2", role: "member", created_at: "x" }).execute();
          throw new Error("changed my mind");
        }),
        addUser(database, tenant, "u3"),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      const rows = await database.forTenant(tenant).read.selectFrom("tenant_users").select("user_id").execute();
      expect(rows.map(({ user_id }) => user_id).sort()).toEqual(["u1", "u3"]);
    });

    test("an early commit is visible to the next reader and becomes durable", async () => {
      const tenant = await aTenant(database);
      const early = await database.forTenant(tenant).commitEarly(async (tx) => {
        await tx.insertInto("tenant_users", { user_id: "u1", role: "member", created_at: "x" }).execute();
        return "u1";
      });
      const rows = await database.forTenant(tenant).read.selectFrom("tenant_users").select("user_id").execute();
      expect(rows).toEqual([{ user_id: early.value }]);
      await early.durable;
    });

    test("many concurrent writers all succeed", async () => {
      const tenant = await aTenant(database);
      await Promise.all(Array.from({ length: 300 }, (_, index) => addUser(database, tenant, `u${index}`)));
      const rows = await database.forTenant(tenant).read.selectFrom("tenant_users").select("user_id").execute();
      expect(rows).toHaveLength(300);
    });

    test("a unique violation is distinguished from other failures", async () => {
      const tenant = await aTenant(database);
      await addUser(database, tenant, "ada");
      const failure = await addUser(database, tenant, "ada").catch((thrown: unknown) => thrown);
      expect(isUniqueViolation(failure)).toBe(true);
      expect(isUniqueViolation(new Error("other"))).toBe(false);
      expect(isForeignKeyViolation(failure)).toBe(false);
    });

    test("a row of something that does not exist is told apart from other failures", async () => {
      const failure = await addUser(database, toTenantId("nobody"), "ada").catch((thrown: unknown) => thrown);
      expect(isForeignKeyViolation(failure)).toBe(true);
      expect(isUniqueViolation(failure)).toBe(false);
    });

    test("a unit that fails ahead of the disk is told so, and leaves nothing behind", async () => {
      const tenant = await aTenant(database);
      const failing = database.forTenant(tenant).commitEarly(async (tx) => {
        await tx.insertInto("tenant_users", { user_id: "u1", role: "member", created_at: "x" }).execute();
        throw new Error("changed my mind");
      });
      await expect(failing).rejects.toThrow("changed my mind");
      expect(await database.forTenant(tenant).read.selectFrom("tenant_users").selectAll().execute()).toEqual([]);
    });

    test("reads give as many rows as they are limited to, and counts are numbers", async () => {
      const tenant = await aTenant(database);
      for (const user of ["u1", "u2", "u3"]) await addUser(database, tenant, user);
      const users = database.forTenant(tenant).read.selectFrom("tenant_users");
      const limited = users.select("user_id").orderBy("user_id");
      expect(await limited.limit(2).execute()).toEqual([{ user_id: "u1" }, { user_id: "u2" }]);
      expect(await limited.limit(2).offset(2).execute()).toEqual([{ user_id: "u3" }]);
      expect(await users.select(({ fn }) => fn.countAll().as("count")).execute()).toEqual([{ count: 3 }]);
    });

    test("changes and deletions tell how many rows they met", async () => {
      const tenant = await aTenant(database);
      for (const user of ["u1", "u2"]) await addUser(database, tenant, user);
      const counts = await database
        .forTenant(tenant)
        .write(async (tx) => [
          (await tx.updateTable("tenant_users").set({ role: "owner" }).executeTakeFirst()).numUpdatedRows,
          (await tx.deleteFrom("tenant_users").where("user_id", "=", "u1").executeTakeFirst()).numDeletedRows,
          (await tx.deleteFrom("tenant_users").where("user_id", "=", "u1").executeTakeFirst()).numDeletedRows,
        ]);
      expect(counts).toEqual([2n, 1n, 0n]);
    });

    test("a transaction for all tenants can be narrowed to one, which sees what it wrote", async () => {
      const [a, b] = [await aTenant(database), await aTenant(database)];
      const system = database.system("a test of the database");
      const seen = await system.write(async (tx) => {
        const scoped = system.scope(tx, a);
        await scoped.insertInto("tenant_users", { user_id: "u1", role: "member", created_at: "x" }).execute();
        const rows = (tenant: TenantId) =>
          system.scope(tx, tenant).selectFrom("tenant_users").select("user_id").execute();
        return [await rows(a), await rows(b)];
      });
      expect(seen).toEqual([[{ user_id: "u1" }], []]);
      const all = system.read.selectFrom("tenant_users").select("tenant_id").where("user_id", "=", "u1");
      expect(await all.where("tenant_id", "in", [a, b]).execute()).toEqual([{ tenant_id: a }]);
    });

    test("answers a ping, and rows are locked for a change and found without an index", async () => {
      await database.ping();
      const tenant = await aTenant(database);
      await addUser(database, tenant, "ada");
      const rows = await database
        .forTenant(tenant)
        .write((tx) =>
          tx
            .selectForUpdate("tenant_users")
            .select("user_id")
            .where(tx.planner.withoutIndex("tenant_users.user_id"), "=", "ada")
            .execute(),
        );
      expect(rows).toEqual([{ user_id: "ada" }]);
      expect([database.dialect, database.system("a test").dialect]).toEqual([dialect, dialect]);
    });
  });
}

test("on SQLite a unit that awaits something else is refused and blocks no other unit", async () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-db-"));
  const { database, dispose } = await openTestDatabase("sqlite", home);
  await database.migrate(NOW);
  const tenant = await aTenant(database);

  const slow = database.forTenant(tenant).write(() => Bun.sleep(60_000));
  expect(slow).rejects.toThrow("awaited something other");
  await addUser(database, tenant, "ada");

  await dispose();
  rmSync(home, { recursive: true });
});

test("on SQLite a closed database is unavailable", async () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-db-"));
  const { database, dispose } = await openTestDatabase("sqlite", home);
  await dispose();
  await expect(database.ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  rmSync(home, { recursive: true });
});

async function aTenant(database: Database): Promise<TenantId> {
  const id = toTenantId(newId());
  const row = { id, name: "t", slug: id, status: "active" as const, settings: "{}", created_at: "x", updated_at: "x" };
  await database.system("test fixture").write((tx) => tx.insertInto("tenants").values(row).execute());
  return id;
}

const addUser = (database: Database, tenant: TenantId, user_id: string) =>
  database.forTenant(tenant).write(async (tx) => {
    await tx.insertInto("tenant_users", { user_id, role: "member", created_at: "x" }).execute();
  });
