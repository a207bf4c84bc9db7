import { join } from "node:path";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
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
  try {
    return openSqlite(join(home.path, "goclaw.db"));
  } catch (thrown) {
    throw toStartError(thrown, config);
  }
}
