import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import { openTestDatabase, type TestDialect } from "#testing/test-database.ts";

/** Opens a database with the master tenant until the tests of a `describe` end. */
export async function openForKeys(dialect: TestDialect, now: Date): Promise<Database> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-idempotency-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  await database.migrate(now);
  const tenant = { id: MASTER_TENANT_ID, name: "m", slug: "m", status: "active" as const, settings: "{}" };
  await database.system("a test of idempotency").write((queries) =>
    queries
      .insertInto("tenants")
      .values({ ...tenant, created_at: "x", updated_at: "x" })
      .execute(),
  );
  return database;
}
