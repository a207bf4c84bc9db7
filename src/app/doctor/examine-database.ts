import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#app/config/schema.ts";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import { DATABASE_FILE, type Home } from "#app/home/home.ts";
import { toStartError } from "#app/to-start-error.ts";
import type { Finding } from "#core/findings.ts";
import type { Database } from "#db/database.ts";

/** Returns whether there is a database to examine. Opening the built-in one would create it. */
export const hasDatabase = ({ database }: Config, home: Home): boolean =>
  database.url !== undefined || existsSync(join(home.path, DATABASE_FILE));

const RESTORE = "Stop the gateway, copy goclaw.db to a safe place, and restore the last backup with goclaw restore.";

/** Checks that the database answers, is whole and has the migrations of this release. */
export async function examineDatabase(database: Database, config: Config, home: Home): Promise<Finding> {
  try {
    await database.ping();
    const damage = await database.findDamage();
    if (damage !== undefined) return problem("database", `it is damaged (${damage})`, RESTORE);
    const missing = await database.missingMigrations();
    const name = config.database.url ? "Postgres" : `SQLite (${sizeOf(join(home.path, DATABASE_FILE))} MiB)`;
    if (missing.length === 0) return ok("database", `${name} answers and is up to date`);
    const advice = "Run goclaw migrate, or start the gateway: it does so by itself.";
    return warning("database", `${name} lacks ${missing.join(", ")}`, advice);
  } catch (thrown) {
    return databaseUnusable(thrown, config);
  }
}

/** Converts a database failure to a finding, with the message that a start would print. */
export function databaseUnusable(thrown: unknown, config: Config): Finding {
  const { message } = toStartError(thrown, config) as Error;
  return problem("database", "it cannot be used", message);
}

/** Returns the size in MiB, including the write-ahead log, because recent writes may exist only there. */
function sizeOf(path: string): string {
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return (sizes.reduce((sum, size) => sum + size, 0) / 1_024 ** 2).toFixed(1);
}
