import { Database as BunDatabase } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, notFound } from "#base/errors.ts";
import { isUnavailable, toSqliteError, untilUnlocked, withSqliteErrors } from "#db/dialects/sqlite/failures.ts";

const UNAVAILABLE = "error.database_unavailable";
const DAMAGED = "error.database_damaged";

const directory = mkdtempSync(join(tmpdir(), "goclaw-failures-"));
afterAll(() => rmSync(directory, { recursive: true }));

const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
};

/** Returns the key of what a failure becomes. Undefined if it stays as it is. */
function keyOf(thrown: unknown): string | undefined {
  const told = toSqliteError(thrown);
  if (told === thrown) return undefined;
  expect(told).toMatchObject({ code: "UNAVAILABLE", cause: thrown, options: { reason: "database" } });
  return (told as AppError).key;
}

test.each<[code: string, key: string | undefined]>([
  ["SQLITE_BUSY", UNAVAILABLE],
  ["SQLITE_BUSY_SNAPSHOT", UNAVAILABLE],
  ["SQLITE_CANTOPEN", UNAVAILABLE],
  ["SQLITE_FULL", UNAVAILABLE],
  ["SQLITE_IOERR_WRITE", UNAVAILABLE],
  ["SQLITE_LOCKED", UNAVAILABLE],
  ["SQLITE_NOMEM", UNAVAILABLE],
  ["SQLITE_PERM", UNAVAILABLE],
  ["SQLITE_PROTOCOL", UNAVAILABLE],
  ["SQLITE_READONLY_DBMOVED", UNAVAILABLE],
  ["SQLITE_CORRUPT", DAMAGED],
  ["SQLITE_CORRUPT_VTAB", DAMAGED],
  ["SQLITE_NOTADB", DAMAGED],
  ["SQLITE_ERROR", undefined],
  ["SQLITE_CONSTRAINT_UNIQUE", undefined],
  ["MY_SQLITE_FULL", undefined],
])("%s becomes %p, and concerns the whole transaction if the database is unavailable", (code, key) => {
  const thrown = Object.assign(new Error("failed"), { code });
  expect(keyOf(thrown)).toBe(key as never);
  expect(isUnavailable(toSqliteError(thrown))).toBe(key === UNAVAILABLE);
  expect(isUnavailable(thrown)).toBe(false);
});

describe("a statement that", () => {
  const database = new BunDatabase();
  database.run("create table notes (body text unique)");
  database.run("insert into notes values ('a')");

  test.each<[name: string, sql: string, key: string | undefined]>([
    ["names a missing table", "select * from missing", DAMAGED],
    ["names a missing column", "select missing from notes", DAMAGED],
    ["writes a missing column", "insert into notes (missing) values (1)", DAMAGED],
    ["names a missing module", "create virtual table v using missing (a)", DAMAGED],
    ["SQLite does not understand", "selec", undefined],
    ["names a missing function", "select missing()", undefined],
    ["its table refuses", "insert into notes values ('a')", undefined],
  ])("%s", (_, sql, key) => {
    const thrown = thrownBy(() => database.prepare(sql).run());
    expect(keyOf(thrown)).toBe(key as never);
    const told = thrownBy(() => withSqliteErrors(() => database.prepare(sql).run()));
    expect(told instanceof AppError ? told.key : undefined).toBe(key as never);
  });

  test("fails elsewhere with the words of SQLite is no failure of it", () => {
    const words = "no such table: notes";
    const others = [new Error(words), words, { code: "SQLITE_ERROR", message: words }, null, undefined];
    for (const thrown of others) expect(keyOf(thrown)).toBeUndefined();
    const withCode = (code: string) => Object.assign(new Error(words), { code });
    expect([keyOf(withCode("SQLITE_ERROR")), keyOf(withCode("SQLITE_MISUSE"))]).toEqual([DAMAGED, undefined]);
  });
});

test("a call that works returns its value", async () => {
  expect(withSqliteErrors(() => "value")).toBe("value");
  expect(await untilUnlocked(() => "value")).toBe("value");
});

describe("a call that finds a lock", () => {
  const path = join(directory, "locked.db");
  const [own, foreign] = [new BunDatabase(path, { create: true }), new BunDatabase(path)];
  own.run("PRAGMA busy_timeout = 0");
  own.run("create table notes (body text)");

  test("runs again until the lock is gone", async () => {
    foreign.run("begin exclusive");
    let runs = 0;
    const changes = await untilUnlocked(() => {
      if (++runs === 3) foreign.run("rollback");
      return own.run("insert into notes values ('a')").changes;
    });
    expect([changes, runs]).toEqual([1, 3]);
  });

  test("gives up in the end, and says what it waited for", async () => {
    foreign.run("begin exclusive");
    let runs = 0;
    const waiting = untilUnlocked(() => {
      runs++;
      return own.run("insert into notes values ('b')");
    });
    await expect(waiting).rejects.toMatchObject({ key: UNAVAILABLE, cause: { code: "SQLITE_BUSY" } });
    expect(runs).toBeGreaterThan(1);
    foreign.run("rollback");
  });

  test.each([
    ["another failure of SQLite", Object.assign(new Error("full"), { code: "SQLITE_FULL" }), { key: UNAVAILABLE }],
    ["a refusal", notFound("thing", "x"), { code: "NOT_FOUND" }],
  ])("ends at once by %s", async (_, failure, expected) => {
    let runs = 0;
    const failing = untilUnlocked(() => {
      runs++;
      throw failure;
    });
    await expect(failing).rejects.toMatchObject(expected);
    expect(runs).toBe(1);
  });
});
