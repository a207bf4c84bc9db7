import { join } from "node:path";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";

/** Postgres where the configuration names one, else the file in the home. */
export function openDatabase({ database }: Config, home: Home, logger: Logger): Database {
  if (!database.url) return openSqlite(join(home.path, "goclaw.db"));
  const onIdleError = (error: Error) => logger.warn({ error }, "an idle database connection was lost");
  return openPostgres({ url: database.url, size: database.pool_size, onIdleError });
}
