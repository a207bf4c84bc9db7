import { expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { WalSync } from "#db/dialects/sqlite/wal-sync.ts";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "goclaw-wal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("writes are visible after the file is reopened, also right after a checkpoint", async () => {
  const path = join(aDirectory(), "a.db");
  const first = openSqlite(path);
  await first.migrate(new Date());
  await first.close();
  const second = openSqlite(path);
  expect(await second.missingMigrations()).toEqual([]);
  const times = Array.from({ length: 200 }, () => second.migrate(new Date()));
  expect((await Promise.all(times)).flat()).toEqual([]);
  await second.close();
});

test("a failed sync rejects for every caller, and the next call tries again", async () => {
  const path = join(aDirectory(), "b.db");
  await Bun.write(`${path}-wal`, "");
  const sync = new WalSync(path);
  await Promise.all([sync.afterCommit(), sync.afterCommit()]);
  sync.close();
  // The descriptor is closed, so every later sync fails.
  for (let tries = 0; tries < 2; tries++) {
    const outcomes = await Promise.allSettled([sync.afterCommit(), sync.afterCommit()]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  }
});
