import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#app/config/schema.ts";
import { DATABASE_FILE, type Home } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";
import { toStartError } from "#app/to-start-error.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";

/**
 * Opens Postgres if the configuration names one, else the SQLite file in the home.
 * Throws `StartError` if the file is unusable. Connects to Postgres only at the first query.
 */
export function openDatabase(config: Config, home: Home, logger: Logger): Database {
  const { url, listen_url: listenUrl, pool_size: size } = config.database;
  const onIdleError = (error: Error) => logger.warn({ error }, "an idle database connection was lost");
  if (url) return openPostgres({ url, listenUrl, size, onIdleError });
  const path = join(home.path, DATABASE_FILE);
  requireFileOfLog(path);
  try {
    return openSqlite(path);
  } catch (thrown) {
    throw toStartError(thrown, config);
  }
}

/** Throws `StartError` if there is a log without its database. SQLite would delete the log, and what is only in it. */
function requireFileOfLog(path: string): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (existsSync(path) || !log || log.size === 0) return;
  throw new StartError(
    "goclaw.db is missing from the home directory, but its log goclaw.db-wal is there: put goclaw.db back, or move both away to begin with an empty one.",
  );
}
