import { onTestFinished } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "#db/database.ts";
import { openTestDatabase, type TestDialect } from "#testing/test-database.ts";

/** Opens a new database with all migrations, until the test ends. A test of one migration undoes it first. */
export async function openMigratedDatabase(dialect: TestDialect, now: string): Promise<Database> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-migrated-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  onTestFinished(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  await database.migrate(new Date(now));
  return database;
}
