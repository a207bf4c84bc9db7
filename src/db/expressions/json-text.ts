import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/** The text under a key of a JSON column. Empty if the column is null or has no such key. */
export const jsonText = (dialect: Dialect, column: string, key: string): RawBuilder<string> =>
  dialect === "postgres"
    ? sql<string>`coalesce(cast(${sql.ref(column)} as json) ->> ${sql.lit(key)}, '')`
    : sql<string>`coalesce(json_extract(${sql.ref(column)}, ${sql.lit(`$.${key}`)}), '')`;
