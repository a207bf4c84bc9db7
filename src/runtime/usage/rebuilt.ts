import { type SqlBool, sql } from "kysely";
import type { Select, TenantReads } from "#db/tenant-queries.ts";

/** True if nothing is left to rebuild. */
export const isRebuilt = (queries: TenantReads) =>
  sql<SqlBool>`not exists ${queries.selectFrom("usage_rebuilds").select("next_bucket")}`;

/** Selects from a table as long as something is left to rebuild. After that, a database visits none of its rows. */
export function whileRebuilding<Table extends "usage_rollups" | "runs">(
  queries: TenantReads,
  table: Table,
): Select<Table> {
  // Kysely tracks a name only while it is a literal, so one table stands for both.
  const [name, tenant] = [table as "runs", `${table}.tenant_id` as "runs.tenant_id"];
  // Safe: the joined row adds no column that a query of the table names.
  return queries
    .selectFrom("usage_rebuilds")
    .innerJoin(name, tenant, "usage_rebuilds.tenant_id") as unknown as Select<Table>;
}
