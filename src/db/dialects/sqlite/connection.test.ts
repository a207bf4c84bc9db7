import { Database as BunDatabase } from "bun:sqlite";
import { expect, test } from "bun:test";
import { sql } from "kysely";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createSqlRunner, toQueryHandle, toReportHandle } from "#db/dialects/sqlite/connection.ts";
import { storeSigns } from "#db/memory/vector-search.ts";
import { TenantQueries } from "#db/tenant-queries.ts";

function openRunner() {
  const database = new BunDatabase();
  database.run("create table tenant_users (tenant_id text, user_id text unique, role text, created_at text)");
  const runner = createSqlRunner(database);
  return { database, runner, handle: toQueryHandle(runner) };
}

const INSERT = "insert into tenant_users (tenant_id, user_id, role) values (?, ?, ?)";
const USERS = "select user_id from tenant_users order by user_id";

test("rows are those that a statement returns, and changes are counted", () => {
  const { runner } = openRunner();
  expect(runner.change(INSERT, ["t", "ada", "r"])).toBe(1);
  expect(runner.change(`${INSERT}, ('t', 'bob', 'r'), ('t', 'cem', 'r')`, ["t", "eve", "r"])).toBe(3);
  expect(runner.rows(USERS, [])).toEqual(["ada", "bob", "cem", "eve"].map((user_id) => ({ user_id })));
  expect(runner.rows("delete from tenant_users where user_id > ? returning role", ["c"])).toEqual([
    { role: "r" },
    { role: "r" },
  ]);
  expect(runner.change("delete from tenant_users where user_id = 'nobody'", [])).toBe(0);
  expect([runner.returnsRows(USERS), runner.returnsRows(INSERT)]).toEqual([true, false]);
  expect(runner.returnsRows("delete from tenant_users returning role")).toBe(true);
});

test("what is written is counted in statements and in bytes, and nothing else is", () => {
  const { runner } = openRunner();
  const counts = () => [runner.writes, runner.bytesWritten];
  expect(counts()).toEqual([0, 0]);
  runner.change(INSERT, ["ten", "ngọc", "🦊"]);
  expect(counts()).toEqual([1, 9]);
  runner.change(INSERT, [new Uint8Array(100).subarray(0, 20), 12345, null]);
  expect(counts()).toEqual([2, 29]);
  runner.rows("update tenant_users set role = ? returning role", ["four"]);
  expect(counts()).toEqual([3, 33]);
  runner.rows("select ? as value", ["a long text that is only read"]);
  expect(counts()).toEqual([3, 33]);
  expect(() => runner.change(INSERT, ["t", "ngọc", "r"])).toThrow("UNIQUE");
  expect(counts()).toEqual([3, 33]);
});

test("a statement of a table that is gone is told as damage", () => {
  const { runner } = openRunner();
  const damaged = expect.objectContaining({ key: "error.database_damaged" });
  const thrownBy = (call: () => unknown) => {
    try {
      return call();
    } catch (thrown) {
      return thrown;
    }
  };
  expect(thrownBy(() => runner.rows("select * from gone", []))).toEqual(damaged);
  expect(thrownBy(() => runner.returnsRows("select * from gone"))).toEqual(damaged);
});

test("a handle runs what Kysely builds, with rows or with a number of changes", async () => {
  const { handle } = openRunner();
  const row = (user_id: string) => ({ tenant_id: MASTER_TENANT_ID, user_id, role: "r", created_at: "x" });
  const inserted = await handle.db
    .insertInto("tenant_users")
    .values([row("ada"), row("bob")])
    .execute();
  expect(inserted).toMatchObject([{ numInsertedOrUpdatedRows: 2n }]);
  expect(await handle.db.selectFrom("tenant_users").select("user_id").orderBy("user_id").execute()).toEqual([
    { user_id: "ada" },
    { user_id: "bob" },
  ]);
  const changed = handle.db.updateTable("tenant_users").set({ role: "s" }).where("user_id", "=", "ada");
  expect(await changed.returning("role").execute()).toEqual([{ role: "s" }]);
  expect(await changed.executeTakeFirst()).toMatchObject({ numUpdatedRows: 1n });
  expect(await handle.run(USERS, [])).toEqual([{ user_id: "ada" }, { user_id: "bob" }]);
  expect(await handle.change("delete from tenant_users", [])).toBe(2);
  expect(handle.dialect).toBe("sqlite");
  expect(await handle.db.introspection.getTables()).toMatchObject([{ name: "tenant_users" }]);
});

test("every call of a handle is an attempt, which may come later", async () => {
  const { runner } = openRunner();
  let attempts = 0;
  const handle = toQueryHandle(runner, {
    attempt: async (call) => {
      attempts++;
      return call();
    },
  });
  await handle.change(INSERT, ["t", "ada", "r"]);
  await handle.run(USERS, []);
  await handle.db.selectFrom("tenant_users").select("user_id").execute();
  expect(attempts).toBe(3);
});

test("a limit is part of the text of a statement, and other values are not", () => {
  const { db } = openRunner().handle;
  const users = db.selectFrom("tenant_users").select("user_id").where("role", "=", "r");
  const limited = users.limit(7).compile();
  expect([limited.sql.endsWith(" limit 7"), limited.parameters]).toEqual([true, ["r"]]);
  expect(users.limit(2.9).compile().sql).toEndWith(" limit 2");
  const bound = users.limit(7n).compile();
  expect([bound.sql.endsWith(" limit ?"), bound.parameters]).toEqual([true, ["r", 7n]]);
  expect(users.limit(sql<number>`1 + 1`).compile().sql).toEndWith(" limit 1 + 1");
});

test("Kysely begins no transaction, and streams no rows", async () => {
  const { db } = openRunner().handle;
  let hasRun = false;
  const transaction = db.transaction().execute(async () => {
    hasRun = true;
  });
  await expect(transaction).rejects.toThrow("go through the write queue");
  expect(hasRun).toBe(false);
  const stream = async () => {
    for await (const _ of db.selectFrom("tenant_users").selectAll().stream()) hasRun = true;
  };
  await expect(stream()).rejects.toThrow("does not stream rows");
});

test("a handle for reports reads elsewhere, and never writes", async () => {
  const reads: unknown[] = [];
  const read = async (sql: string, parameters: readonly unknown[]) => {
    reads.push([sql.replaceAll('"', ""), ...parameters]);
    return [{ user_id: "ada" }];
  };
  const places = [3, 1];
  const handle = toReportHandle(read, async () => places);
  expect(await handle.run("select 1", [5])).toEqual([{ user_id: "ada" }]);
  const users = handle.db.selectFrom("tenant_users").select("user_id").where("role", "=", "r");
  expect(await users.execute()).toEqual([{ user_id: "ada" }]);
  expect(reads).toEqual([
    ["select 1", 5],
    ["select user_id from tenant_users where role = ?", "r"],
  ]);
  const match = { agentId: "a", userIds: undefined, space: "s", signs: new Uint8Array(4), limit: 1 };
  expect(await handle.vectors.findNearest(MASTER_TENANT_ID, match)).toBe(places);
  expect(handle.dialect).toBe("sqlite");
  expect(() => handle.change(INSERT, ["t", "ada", "r"])).toThrow("asked to write");
  const chunk = { agentId: "a", userId: "", space: "s", place: 1, signs: new Uint8Array(4) };
  await expect(storeSigns(new TenantQueries(handle, MASTER_TENANT_ID), [chunk])).rejects.toThrow("asked to write");
});

test("a statement is prepared once, and again after it was forgotten for many others", () => {
  const prepared: string[] = [];
  const database = new (class extends BunDatabase {
    override prepare(...[sql, ...more]: Parameters<BunDatabase["prepare"]>) {
      prepared.push(sql);
      return super.prepare(sql, ...more) as never;
    }
  })();
  const runner = createSqlRunner(database);
  for (let round = 0; round < 3; round++) {
    expect(runner.rows("select ? as number", [round])).toEqual([{ number: round }]);
    expect(runner.returnsRows("select 'other'")).toBe(true);
  }
  expect(prepared).toEqual(["select ? as number", "select 'other'"]);
  for (let number = 0; number < 1_000; number++) runner.rows(`select ${number}`, []);
  expect(runner.rows("select ? as number", [7])).toEqual([{ number: 7 }]);
  expect(prepared.filter((sql) => sql === "select ? as number")).toHaveLength(2);
});
