import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notFound } from "#base/errors.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { databaseDamaged } from "#db/errors.ts";
import { FaultRetry } from "#db/fault-retry.ts";

const home = mkdtempSync(join(tmpdir(), "goclaw-fault-retry-"));
const file = join(home, "goclaw.db");
const database = openSqlite(file);
afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true });
});

const moveAway = () => renameSync(file, `${file}.aside`);
const moveBack = () => renameSync(`${file}.aside`, file);
const replaced = { code: "UNAVAILABLE", key: "error.database_replaced" };

/** Runs a task that needs the database. `onQuestion` answers each question whether it must leave, by its number. */
function start(onQuestion: (number: number) => boolean) {
  const counts = { runs: 0, questions: 0 };
  const retry = new FaultRetry(database, () => onQuestion(++counts.questions));
  const outcome = retry.run(async () => {
    counts.runs++;
    await database.requireWrites();
    return `run ${counts.runs}`;
  });
  return { counts, outcome };
}

test("a task without a fault runs once, and nobody is asked", async () => {
  const { counts, outcome } = start(() => true);
  expect(await outcome).toBe("run 1");
  expect(counts).toEqual({ runs: 1, questions: 0 });
});

test.each([
  ["a refusal", notFound("thing", "x")],
  ["damage", databaseDamaged(new Error("damaged"))],
])("%s ends a task at once", async (_, failure) => {
  let questions = 0;
  let runs = 0;
  const retry = new FaultRetry(database, () => ++questions < 0);
  const failing = retry.run(async () => {
    runs++;
    throw failure;
  });
  await expect(failing).rejects.toBe(failure);
  expect([runs, questions]).toEqual([1, 0]);
});

test("a task waits while the database is away, and runs again when it is back", async () => {
  moveAway();
  const { counts, outcome } = start((number) => {
    if (number === 3) moveBack();
    return false;
  });
  expect(await outcome).toBe("run 2");
  // Before each of three pauses, and when the database is back.
  expect(counts).toEqual({ runs: 2, questions: 4 });
});

test("a task waits through one fault after another", async () => {
  let runs = 0;
  let isAway = false;
  const retry = new FaultRetry(database, () => {
    if (isAway) moveBack();
    isAway = false;
    return false;
  });
  const outcome = retry.run(async () => {
    runs++;
    if (runs === 4) return "done";
    moveAway();
    isAway = true;
    return database.requireWrites();
  });
  expect([await outcome, runs]).toEqual(["done", 4]);
});

test.each([1, 2, 3])(
  "a task ends with its fault if nobody may wait at question %i, and the database is away",
  async (last) => {
    moveAway();
    const { counts, outcome } = start((number) => number === last);
    await expect(outcome).rejects.toMatchObject(replaced);
    expect(counts).toEqual({ runs: 1, questions: last });
    moveBack();
  },
);

test("a task ends with its fault if nobody may wait once the database is back", async () => {
  moveAway();
  const { counts, outcome } = start((number) => {
    if (number === 1) moveBack();
    return number === 2;
  });
  await expect(outcome).rejects.toMatchObject(replaced);
  expect(counts).toEqual({ runs: 1, questions: 2 });
});
