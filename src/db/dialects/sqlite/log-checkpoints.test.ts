import { Database as BunDatabase } from "bun:sqlite";
import { expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { toTenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import type { CheckpointJob } from "#db/dialects/sqlite/checkpoint-worker.ts";
import {
  BYTES_PER_CHECKPOINT,
  COMMITS_PER_CHECKPOINT,
  LogCheckpoints,
  MAX_BYTES_AHEAD,
} from "#db/dialects/sqlite/log-checkpoints.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { TenantQueries } from "#db/tenant-queries.ts";

const UNUSED = { path: "unused.db", identity: "" };
const COMMITS = 2 * COMMITS_PER_CHECKPOINT;
const VALUE_BYTES = 20_000;

async function write(database: Database, number: number): Promise<void> {
  const name = `row-${number}`;
  await database.system("test").write(async (db) => {
    await sql`insert into notes values (${name}, ${"x".repeat(VALUE_BYTES)})`.execute(db);
  });
}

async function openNotes() {
  const directory = mkdtempSync(join(tmpdir(), "goclaw-log-"));
  const path = join(directory, "a.db");
  const database = openSqlite(path);
  await database.system("test").write(async (db) => {
    await sql`create table notes (name text, body text)`.execute(db);
  });
  const close = async () => {
    await database.close();
    // The file alone is the database.
    expect(existsSync(`${path}-wal`)).toBe(false);
    rmSync(directory, { recursive: true });
  };
  return { path, database, close };
}

test("the log restarts while the gateway keeps writing", async () => {
  const { path, database, close } = await openNotes();
  let written = 0;
  while (written < COMMITS) await write(database, written++);
  // A log that never restarts holds all that was written, so this would not end.
  while (statSync(`${path}-wal`).size > 0.6 * written * VALUE_BYTES) await write(database, written++);
  await close();
});

test("the log restarts while one long transaction follows the other", async () => {
  const { path, database, close } = await openNotes();
  const piece = "x".repeat(1_000_000);
  const pieces = BYTES_PER_CHECKPOINT / piece.length;
  const writeMuch = () =>
    database.forTenant(toTenantId("t1")).write(async (queries) => {
      const { change, rest } = TenantQueries.writerOf(queries);
      for (let written = 0; written < pieces; written++) {
        await change("insert into notes values (?, ?)", ["long", piece]);
        await rest();
      }
    });
  const transactions = 8;
  await Promise.all(Array.from({ length: transactions }, writeMuch));
  // Each transaction is open while what the one before it wrote is copied.
  expect(statSync(`${path}-wal`).size).toBeLessThan((transactions / 2) * BYTES_PER_CHECKPOINT);
  await close();
});

test("a long log that a killed process left is copied back after the first commit", async () => {
  const { path, close } = await openNotes();
  const killed = `${path}.killed`;
  const writer = new BunDatabase(path);
  writer.run("pragma wal_autocheckpoint = 0");
  writer.run("insert into notes values ('long', ?)", ["x".repeat(BYTES_PER_CHECKPOINT)]);
  for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, killed + suffix);
  writer.close();

  const reopened = openSqlite(killed);
  expect(statSync(killed).size).toBeLessThan(BYTES_PER_CHECKPOINT);
  await write(reopened, 1);
  while (statSync(killed).size < BYTES_PER_CHECKPOINT) await Bun.sleep(5);
  await reopened.close();
  await close();
});

test("the log is copied into the file while the gateway keeps writing", async () => {
  const { path, database, close } = await openNotes();
  let written = 0;
  // This is far below the size at which SQLite checkpoints by itself, so only the thread can make the file grow.
  while (written < COMMITS) await write(database, written++);
  while (statSync(path).size < COMMITS * VALUE_BYTES * 0.3) await Bun.sleep(5);
  await write(database, written++);
  const count = sql<{ count: number }>`select count(*) as count from notes`;
  const { rows } = await database.system("test").write((queries) => count.execute(queries));
  expect(rows[0]?.count).toBe(written);
  await close();
});

test("a file that was moved away before the first checkpoint is neither created nor separated from its log", async () => {
  const { path, database, close } = await openNotes();
  let written = 0;
  while (written < COMMITS_PER_CHECKPOINT - 2) await write(database, written++);
  renameSync(path, `${path}.aside`);
  // Writes notice the move half a second after it. Until then they reach the file, and the checkpoint is due.
  for (let more = 0; more < 4; more++) await write(database, written++);
  await Bun.sleep(300);
  expect(existsSync(path)).toBe(false);
  renameSync(`${path}.aside`, path);
  const other = new BunDatabase(path, { readonly: true });
  expect(other.query("select count(*) as count from notes").get()).toEqual({ count: written });
  other.close();
  await close();
});

/** A thread that runs a script. */
const threadOf = (script: string) => () =>
  new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { ref: false });

function commitOften(checkpoints: LogCheckpoints): void {
  for (let commits = 0; commits < COMMITS_PER_CHECKPOINT; commits++) checkpoints.afterCommit(0);
}

test("the writer waits only for the last part of the log", async () => {
  const script = "self.onmessage = () => setTimeout(() => postMessage({}), 20)";
  const checkpoints = new LogCheckpoints(UNUSED, threadOf(script));
  for (let rounds = 0; rounds < 2; rounds++) {
    commitOften(checkpoints);
    expect(checkpoints.writerPause).toBeUndefined();
    while (!checkpoints.writerPause) await Bun.sleep(0);
    await checkpoints.writerPause;
    do await Bun.sleep(0);
    while (checkpoints.writerPause);
  }
  await checkpoints.close();
});

test.each([
  ["throws", "self.onmessage = () => { throw new Error('no') }"],
  ["ends", "self.onmessage = () => process.exit(0)"],
  ["cannot copy", "self.onmessage = () => postMessage({ error: 'the disk is full' })"],
])("a thread that %s does not block the writer, and the next checkpoint tries again", async (_, script) => {
  let started = 0;
  const checkpoints = new LogCheckpoints(UNUSED, () => {
    started++;
    return threadOf(script)();
  });
  commitOften(checkpoints);
  await checkpoints.close();
  expect(checkpoints.writerPause).toBeUndefined();
  commitOften(checkpoints);
  await checkpoints.close();
  expect(checkpoints.writerPause).toBeUndefined();
  expect(started).toBeGreaterThan(0);
});

/** Creates the double of a thread. It answers when the next of `answers` is called. */
function aThread() {
  const jobs: boolean[] = [];
  const answers: (() => void)[] = [];
  const events = new EventTarget();
  const thread = {
    onmessage: (_: { data: unknown }) => {},
    addEventListener: events.addEventListener.bind(events),
    ref: () => {},
    terminate: () => events.dispatchEvent(new Event("close")),
    postMessage: ({ restartsLog }: CheckpointJob) => {
      jobs.push(restartsLog);
      answers.push(() => thread.onmessage({ data: {} }));
    },
  };
  const answer = async () => {
    while (answers.length === 0) await Bun.sleep(0);
    answers.shift()?.();
  };
  return { checkpoints: new LogCheckpoints(UNUSED, () => thread as unknown as Worker), jobs, answer };
}

test("the log is copied beside the writer, and restarted while it waits", async () => {
  const { checkpoints, jobs, answer } = aThread();
  for (let commits = 1; commits < COMMITS_PER_CHECKPOINT; commits++) checkpoints.afterCommit(0);
  expect(jobs).toEqual([]);
  checkpoints.afterCommit(0);
  expect(jobs).toEqual([false]);
  expect(checkpoints.writerPause).toBeUndefined();
  await answer();
  while (!checkpoints.writerPause) await Bun.sleep(0);
  await answer();
  await checkpoints.close();
  expect(jobs).toEqual([false, true]);
  expect(checkpoints.writerPause).toBeUndefined();
});

test("the log restarts after the transaction that was open", async () => {
  const { checkpoints, jobs, answer } = aThread();
  commitOften(checkpoints);
  const endTransaction = checkpoints.beginTransaction();
  await answer();
  while (!checkpoints.writerPause) await Bun.sleep(0);
  await Bun.sleep(10);
  expect(jobs).toEqual([false]);
  endTransaction();
  await answer();
  await checkpoints.close();
  expect(jobs).toEqual([false, true]);
  expect(checkpoints.writerPause).toBeUndefined();
});

test("large rows start a checkpoint after few commits", async () => {
  const { checkpoints, jobs, answer } = aThread();
  checkpoints.afterCommit(BYTES_PER_CHECKPOINT - 1);
  expect(jobs).toEqual([]);
  checkpoints.afterCommit(1);
  expect(jobs).toEqual([false]);
  await answer();
  await answer();
  await checkpoints.close();
  checkpoints.afterCommit(BYTES_PER_CHECKPOINT - 1);
  expect(jobs).toEqual([false, true]);
});

test("a writer that is far ahead of the thread waits for it", async () => {
  const { checkpoints, answer } = aThread();
  checkpoints.afterCommit(BYTES_PER_CHECKPOINT);
  checkpoints.afterCommit(MAX_BYTES_AHEAD);
  expect(checkpoints.writerPause).toBeUndefined();
  checkpoints.afterCommit(1);
  let waits = true;
  void checkpoints.writerPause?.then(() => {
    waits = false;
  });
  await answer();
  await Bun.sleep(10);
  expect(waits).toBe(true);
  await answer();
  while (waits) await Bun.sleep(0);
  expect(checkpoints.writerPause).toBeUndefined();
  await checkpoints.close();
});
