import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { countUsage } from "#runtime/usage/index.ts";

/** A process that counts usage and is killed right before its transaction would end. */
async function countAndDie(place: string): Promise<void> {
  const database = place.startsWith("postgres")
    ? openPostgres({ url: new Secret(place), size: 1, onIdleError: () => {} })
    : openSqlite(place);
  await database.forTenant(MASTER_TENANT_ID).write(async (queries) => {
    await countUsage(queries);
    process.kill(process.pid, "SIGKILL");
  });
}

/** Counts usage in a process that is killed in the middle. `place` is the URL of a database, or a home directory. */
export async function killWhileCounting(place: string): Promise<string | number | null> {
  const target = place.startsWith("postgres") ? place : join(place, "goclaw.db");
  const killed = Bun.spawn([process.execPath, "--no-env-file", import.meta.path, target], {
    stdout: "ignore",
    stderr: "ignore",
  });
  await killed.exited;
  return killed.signalCode;
}

if (import.meta.main) await countAndDie(process.argv.at(-1) ?? "");
