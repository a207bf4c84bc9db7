import { Database } from "bun:sqlite";
import { expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckpointAnswer, CheckpointJob } from "#db/dialects/sqlite/checkpoint-worker.ts";
import { identityOf } from "#db/dialects/sqlite/identity-of.ts";
import { LOG_BYTES_KEPT } from "#db/dialects/sqlite/log-checkpoints.ts";

function startThread() {
  const worker = new Worker(new URL("./checkpoint-worker.ts", import.meta.url).href);
  onTestFinished(() => worker.terminate());
  return (path: string, restartsLog = false) =>
    new Promise<CheckpointAnswer>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<CheckpointAnswer>) => resolve(data);
      worker.postMessage({ path, identity: identityOf(path), restartsLog } satisfies CheckpointJob);
    });
}

function aHome(): string {
  const home = mkdtempSync(join(tmpdir(), "goclaw-checkpoint-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

/** A database with one note in its log. */
function aDatabase() {
  const path = join(aHome(), "a.db");
  const open = () => {
    const database = new Database(path);
    onTestFinished(() => database.close());
    return database;
  };
  const writer = open();
  writer.run("pragma journal_mode = wal");
  writer.run("create table notes (text text)");
  writer.run("insert into notes values ('first')");
  return { path, writer, reader: open() };
}

/** What tells one log from the next, in its header. https://www.sqlite.org/walformat.html */
const saltsOf = (path: string) => readFileSync(`${path}-wal`).subarray(16, 24).toHex();

const countNotes = (database: Database) => database.query("select * from notes").all().length;

test("the thread copies the log, and restarts it if it shall", async () => {
  const { path, writer, reader } = aDatabase();
  const checkpoint = startThread();
  const salts = saltsOf(path);
  expect(await checkpoint(path)).toEqual({});
  expect(saltsOf(path)).toBe(salts);
  expect(await checkpoint(path, true)).toEqual({});
  expect(saltsOf(path)).not.toBe(salts);

  writer.run("insert into notes values ('second')");
  expect(countNotes(reader)).toBe(2);
});

test("a log that somebody reads is not restarted, and nothing is lost", async () => {
  const { path, writer, reader } = aDatabase();
  const checkpoint = startThread();
  const salts = saltsOf(path);
  reader.run("begin");
  expect(countNotes(reader)).toBe(1);
  writer.run("insert into notes values ('second')");
  expect(await checkpoint(path, true)).toEqual({});
  expect(saltsOf(path)).toBe(salts);
  expect([countNotes(reader), countNotes(writer)]).toEqual([1, 2]);

  reader.run("commit");
  expect(await checkpoint(path, true)).toEqual({});
  expect(saltsOf(path)).not.toBe(salts);
  expect(countNotes(reader)).toBe(2);
});

test("a long log is cut when it begins anew", async () => {
  const { path, writer } = aDatabase();
  writer.run("pragma wal_autocheckpoint = 0");
  const long = "x".repeat(1_000_000);
  const sizeOfLog = () => statSync(`${path}-wal`).size;
  while (sizeOfLog() <= LOG_BYTES_KEPT) writer.run("insert into notes values (?)", [long]);
  expect(await startThread()(path, true)).toEqual({});
  expect(sizeOfLog()).toBe(LOG_BYTES_KEPT);
});

test("the thread reports a path that is no database", async () => {
  expect(await startThread()(aHome())).toHaveProperty("error");
});
