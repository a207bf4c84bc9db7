import { Database } from "bun:sqlite";
import { expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckpointAnswer } from "#db/dialects/sqlite/checkpoint-worker.ts";
import { identityOf } from "#db/dialects/sqlite/identity-of.ts";

function startThread() {
  const worker = new Worker(new URL("./checkpoint-worker.ts", import.meta.url).href);
  onTestFinished(() => worker.terminate());
  return (path: string) =>
    new Promise<CheckpointAnswer>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<CheckpointAnswer>) => resolve(data);
      worker.postMessage({ path, identity: identityOf(path) });
    });
}

function aHome(): string {
  const home = mkdtempSync(join(tmpdir(), "goclaw-checkpoint-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

test("the thread says whether it copied the whole log, or only what a reader leaves free", async () => {
  const path = join(aHome(), "a.db");
  const [writer, reader] = [new Database(path), new Database(path)];
  writer.run("pragma journal_mode = wal");
  writer.run("create table notes (text text)");
  const checkpoint = startThread();
  expect(await checkpoint(path)).toEqual({ isComplete: true });
  reader.run("begin");
  reader.query("select * from notes").all();
  writer.run("insert into notes values ('new')");
  expect(await checkpoint(path)).toEqual({ isComplete: false });
  reader.run("commit");
  expect(await checkpoint(path)).toEqual({ isComplete: true });
  for (const database of [reader, writer]) database.close();
});

test("the thread reports a path that is no database", async () => {
  expect(await startThread()(aHome())).toHaveProperty("error");
});
