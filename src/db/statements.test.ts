import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import { insertRow, insertRowIfAbsent, insertRows } from "#db/insert-rows.ts";
import { deleteMessagesOfSession } from "#db/messages/message-path.ts";
import { prepareChange, prepareRead, prepareWrite } from "#db/prepared-query.ts";
import { type TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const NOW = new Date("2026-01-02T03:04:05.000Z");

async function aTenant(database: Database): Promise<TenantId> {
  const id = toTenantId(newId());
  const row = { id, name: "t", slug: id, status: "active" as const, settings: "{}", created_at: "x", updated_at: "x" };
  await database.system("test fixture").write((tx) => tx.insertInto("tenants").values(row).execute());
  return id;
}

const aUser = (user_id: string, role = "member") => ({ user_id, role, created_at: "x" });

describe.each([...testDialects()])("compiled statements on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-statements-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  await database.migrate(NOW);
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  const usersOf = async (tenant: TenantId) =>
    (
      await database.forTenant(tenant).read.selectFrom("tenant_users").select("user_id").orderBy("user_id").execute()
    ).map(({ user_id }) => user_id);

  test("a prepared read is built once, and sees the values and the tenant of each call", async () => {
    const [a, b] = [database.forTenant(await aTenant(database)), database.forTenant(await aTenant(database))];
    await a.write((queries) =>
      insertRows(queries, "tenant_users", [aUser("ada"), aUser("bob"), aUser("cem", "owner")]),
    );
    await b.write((queries) => insertRow(queries, "tenant_users", aUser("ada", "owner")));
    let builds = 0;
    const listUsers = prepareRead<{ role: string; limit: number }, { user_id: string }>((queries, slots) => {
      builds++;
      return queries
        .selectFrom("tenant_users")
        .select("user_id")
        .where("role", "=", slots.role)
        .where("created_at", "=", "x")
        .orderBy("user_id")
        .limit(slots.limit);
    });
    const names = async (read: TenantReads, role: string, limit: number) =>
      (await listUsers(read, { role, limit })).map(({ user_id }) => user_id);
    expect(await names(a.read, "member", 5)).toEqual(["ada", "bob"]);
    const built = builds;
    expect(await names(a.read, "member", 1)).toEqual(["ada"]);
    expect(await names(a.read, "owner", 5)).toEqual(["cem"]);
    expect(await names(b.read, "owner", 5)).toEqual(["ada"]);
    expect(await names(b.read, "member", 5)).toEqual([]);
    expect(builds).toBe(built);
  });

  test("a prepared write returns its rows, and a prepared change how many rows it changed", async () => {
    const [tenant, other] = [await aTenant(database), await aTenant(database)];
    const promote = prepareWrite<{ id: string; role: string }, { role: string }>((queries, slots) =>
      queries.updateTable("tenant_users").set({ role: slots.role }).where("user_id", "=", slots.id).returning("role"),
    );
    const remove = prepareChange<{ role: string }>((queries, slots) =>
      queries.deleteFrom("tenant_users").where("role", "=", slots.role),
    );
    for (const id of [tenant, other]) {
      await database
        .forTenant(id)
        .write((queries) => insertRows(queries, "tenant_users", [aUser("ada"), aUser("bob"), aUser("cem", "owner")]));
    }
    const outcome = await database.forTenant(tenant).write(async (queries) => ({
      promoted: await promote(queries, { id: "ada", role: "admin" }),
      missed: await promote(queries, { id: "eve", role: "admin" }),
      removed: [await remove(queries, { role: "member" }), await remove(queries, { role: "member" })],
    }));
    expect(outcome).toEqual({ promoted: [{ role: "admin" }], missed: [], removed: [1, 0] });
    expect([await usersOf(tenant), await usersOf(other)]).toEqual([
      ["ada", "cem"],
      ["ada", "bob", "cem"],
    ]);
  });

  test("a prepared query that depends on a condition on a slot does not compile", async () => {
    const { read } = database.forTenant(await aTenant(database));
    const list = prepareRead<{ role: string | null }, { user_id: string }>((queries, { role }) => {
      const users = queries.selectFrom("tenant_users").select("user_id");
      return role ? users.where("role", "=", role as never) : users;
    });
    const listKnown = prepareRead<{ role: string | null }, { user_id: string }>((queries, { role }) => {
      const users = queries.selectFrom("tenant_users").select("user_id");
      return (role as unknown) === null ? users : users.where("role", "=", role as never);
    });
    for (const role of ["owner", null]) {
      expect(() => list(read, { role })).toThrow("depends on a condition on one of its slots");
      expect(() => listKnown(read, { role })).toThrow("depends on a condition on one of its slots");
    }
  });

  test("a handle for reads cannot write, whatever its type says", async () => {
    const { read } = database.forTenant(await aTenant(database));
    const writes = read as TenantQueries;
    const remove = prepareChange<{ role: string }>((queries, { role }) =>
      queries.deleteFrom("tenant_users").where("role", "=", role),
    );
    expect(() => remove(writes, { role: "owner" })).toThrow("asked to write");
    await expect(insertRow(writes, "tenant_users", aUser("ada"))).rejects.toThrow("asked to write");
    await expect(deleteMessagesOfSession(writes, "s")).rejects.toThrow("asked to write");
    expect([writes.insertInto, writes.updateTable, writes.deleteFrom]).toEqual([
      undefined,
      undefined,
      undefined,
    ] as never);
    const { read: system } = database.system("the test looks for a way to write");
    expect(Object.keys(system)).toEqual(["selectFrom"]);
  });

  test("inserts of any number of rows and any order of columns arrive", async () => {
    const tenant = await aTenant(database);
    await database.forTenant(tenant).write(async (queries) => {
      await insertRows(queries, "tenant_users", []);
      await insertRow(queries, "tenant_users", aUser("one"));
      await insertRow(queries, "tenant_users", { created_at: "x", role: "owner", user_id: "reordered" });
      await insertRows(queries, "tenant_users", [aUser("two"), aUser("three")]);
      await insertRows(queries, "tenant_users", [aUser("four"), aUser("five"), aUser("six")]);
      await insertRows(queries, "tenant_users", [aUser("seven")]);
    });
    expect(await usersOf(tenant)).toEqual(["five", "four", "one", "reordered", "seven", "six", "three", "two"]);
  });

  test("there is one statement for each set of columns, and it is used again", async () => {
    const db = database.forTenant(await aTenant(database));
    const key = { principal: "p", route: "r", request_hash: "h", state: "running" as const, owner: "o" };
    const times = { created_at: "x", expires_at: "y" };
    await db.write(async (queries) => {
      await insertRow(queries, "idempotency_keys", { ...key, key: "short", ...times } as never);
      await insertRow(queries, "idempotency_keys", { ...key, key: "long", ...times, answer: "a", run_id: "r1" });
      await insertRow(queries, "idempotency_keys", { ...key, key: "again", ...times } as never);
      await insertRow(queries, "idempotency_keys", { ...key, key: "last", ...times, answer: "b", run_id: "r2" });
      expect(TenantReads.handleOf(queries).statements.inserts.get("idempotency_keys")).toHaveLength(2);
    });
    const rows = await db.read.selectFrom("idempotency_keys").select(["key", "answer"]).orderBy("key").execute();
    expect(rows).toEqual([
      { key: "again", answer: null },
      { key: "last", answer: "b" },
      { key: "long", answer: "a" },
      { key: "short", answer: null },
    ]);
  });

  test("a row that is known already is not inserted again, in its own tenant alone", async () => {
    const [tenant, other] = [await aTenant(database), await aTenant(database)];
    const add = (id: TenantId, role: string) =>
      database
        .forTenant(id)
        .write((queries) => insertRowIfAbsent(queries, "tenant_users", aUser("ada", role), ["tenant_id", "user_id"]));
    expect([await add(tenant, "member"), await add(tenant, "owner"), await add(other, "owner")]).toEqual([
      true,
      false,
      true,
    ]);
    const { read } = database.forTenant(tenant);
    expect(await read.selectFrom("tenant_users").select("role").execute()).toEqual([{ role: "member" }]);
  });

  test("a column that the database computes replaces that of the row, where it is asked for", async () => {
    const db = database.forTenant(await aTenant(database));
    const dialects: string[] = [];
    const compute = (name: string) => {
      dialects.push(name);
      return { role: sql`lower('COMPUTED')` };
    };
    const unique = ["tenant_id", "user_id"] as const;
    const added = await db.write(async (queries) => {
      await insertRow(queries, "tenant_users", aUser("a"));
      await insertRow(queries, "tenant_users", aUser("b"), compute);
      await insertRow(queries, "tenant_users", aUser("c"));
      await insertRow(queries, "tenant_users", aUser("d"), compute);
      return [
        await insertRowIfAbsent(queries, "tenant_users", aUser("d"), unique),
        await insertRowIfAbsent(queries, "tenant_users", aUser("e"), unique, compute),
        await insertRowIfAbsent(queries, "tenant_users", aUser("f"), unique),
      ];
    });
    expect(added).toEqual([false, true, true]);
    const rows = await db.read.selectFrom("tenant_users").select(["user_id", "role"]).orderBy("user_id").execute();
    expect(rows.map(({ role }) => role)).toEqual(["member", "computed", "member", "computed", "computed", "member"]);
    // Once for each statement that has computed columns.
    expect(dialects).toEqual([dialect, dialect]);
  });

  test("an insert without a rule for known rows fails on one", async () => {
    const db = database.forTenant(await aTenant(database));
    const add = () => db.write((queries) => insertRow(queries, "tenant_users", aUser("ada")));
    await add();
    await expect(add()).rejects.toThrow();
  });
});
