import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/**
 * The database's own time plus an offset, as RFC 3339 text in UTC. Leases are compared by it, because the clocks of two
 * nodes differ.
 */
export function databaseTime(dialect: Dialect, offsetMs = 0): RawBuilder<string> {
  const seconds = sql.lit(`${offsetMs / 1_000} seconds`);
  return dialect === "postgres"
    ? sql<string>`to_char((now() + interval ${seconds}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ${seconds})`;
}
