import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/** The number of the quarter of an hour, counted from 1970 in UTC, in which the timestamp of a column lies. */
export const quarterOf = (dialect: Dialect, column: string): RawBuilder<number> =>
  dialect === "postgres"
    ? sql<number>`cast(floor(extract(epoch from cast(${sql.ref(column)} as timestamptz)) / 900) as bigint)`
    : sql<number>`cast(strftime('%s', ${sql.ref(column)}) as integer) / 900`;
