import { Database as BunDatabase } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notFound } from "#base/errors.ts";
import { createSqlRunner, toQueryHandle } from "#db/dialects/sqlite/connection.ts";
import { LogCheckpoints } from "#db/dialects/sqlite/log-checkpoints.ts";
import { WalSync } from "#db/dialects/sqlite/wal-sync.ts";
import { WriteQueue } from "#db/dialects/sqlite/write-queue.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-queue-"));
afterAll(() => rmSync(directory, { recursive: true }));

function openQueue(name: string) {
  const path = join(directory, name);
  const database = new BunDatabase(path, { create: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run("create table notes (body text)");
  const runner = createSqlRunner(database);
  const handle = toQueryHandle(runner);
  const sync = new WalSync(path);
  const queue = new WriteQueue(database, runner, handle, { sync, checkpoints: new LogCheckpoints(path) });
  const bodies = () => database.query<{ body: string }, []>("select body from notes").all();
  return { queue, sync, bodies };
}

const note = (body: string) => async (queries: QueryHandle) => {
  await queries.change("insert into notes values (?)", [body]);
  return body;
};

test("commitEarly resolves at the commit, and `durable` when the value is on the disk", async () => {
  const { queue, bodies } = openQueue("ahead.db");
  const log: string[] = [];
  const early = queue.commitEarly(note("one")).then(async ({ value, durable }) => {
    log.push(`${value} committed`);
    expect(bodies()).toContainEqual({ body: "one" });
    await durable;
    log.push(`${value} durable`);
  });
  await Promise.all([early, queue.run(note("two")).then((value) => log.push(`${value} durable`))]);
  expect(log[0]).toBe("one committed");
  expect(log.toSorted()).toEqual(["one committed", "one durable", "two durable"]);
  await queue.drain();
});

test("a failing disk rejects early and normal commits alike", async () => {
  const { queue, sync } = openQueue("broken.db");
  sync.close();
  const early = await queue.commitEarly(note("one"));
  expect(early.value).toBe("one");
  await expect(early.durable).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(queue.run(note("two"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await queue.drain();
});

test("a failing unit rejects its early commit and does not affect other units", async () => {
  const { queue, bodies } = openQueue("failing.db");
  const failing = queue.commitEarly(async (queries) => {
    await note("lost")(queries);
    throw new Error("changed my mind");
  });
  const outcomes = await Promise.allSettled([failing, queue.commitEarly(note("kept"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "kept" }]);
});

test("a refusal before the first write affects no other unit of its batch", async () => {
  const { queue, bodies } = openQueue("refused.db");
  const runs: string[] = [];
  const counted = (name: string) => async (queries: QueryHandle) => {
    runs.push(name);
    return note(name)(queries);
  };
  const refused = async (queries: QueryHandle) => {
    runs.push("refused");
    await queries.run("select body from notes", []);
    throw notFound("thing", "x");
  };
  const outcomes = await Promise.allSettled([queue.run(counted("one")), queue.run(refused), queue.run(counted("two"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: { code: "NOT_FOUND" } });
  expect(runs).toEqual(["one", "refused", "two"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("a refusal after a write is taken back with the write, and the others run again without it", async () => {
  const { queue, bodies } = openQueue("refused-late.db");
  const late = async (queries: QueryHandle) => {
    await note("late")(queries);
    throw notFound("thing", "x");
  };
  const outcomes = await Promise.allSettled([queue.run(note("one")), queue.run(late), queue.run(note("two"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("a refusal in a unit that is alone leaves nothing behind", async () => {
  const { queue, bodies } = openQueue("refused-alone.db");
  await expect(queue.run(() => Promise.reject(notFound("thing", "x")))).rejects.toMatchObject({ code: "NOT_FOUND" });
  await queue.run(note("next"));
  await queue.drain();
  expect(bodies()).toEqual([{ body: "next" }]);
});
