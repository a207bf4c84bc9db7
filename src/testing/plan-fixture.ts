import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { openTestDatabase } from "#testing/test-database.ts";

interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
}

/** Opens an empty SQLite database that tells how it would answer a query. */
export async function openPlans() {
  const home = mkdtempSync(join(tmpdir(), "goclaw-plans-"));
  const { database, dispose } = await openTestDatabase("sqlite", home);
  await database.migrate(new Date());
  const file = new Database(join(home, "goclaw.db"), { readonly: true });
  return {
    tenant: database.forTenant(MASTER_TENANT_ID),
    /** Returns the steps of a query, such as `SEARCH runs USING INDEX runs_recent (tenant_id=?)`. */
    planOf(query: Compilable): readonly string[] {
      const { sql, parameters } = query.compile();
      const rows = file.query(`explain query plan ${sql}`).all(...(parameters as string[]));
      return (rows as { detail: string }[]).map(({ detail }) => detail);
    },
    async close() {
      file.close();
      await dispose();
      rmSync(home, { recursive: true });
    },
  };
}
