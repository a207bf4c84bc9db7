import { type SqlBool, sql } from "kysely";
import type { Select, TenantReads } from "#db/tenant-queries.ts";

/** True if nothing is left to rebuild. */
export const isRebuilt = (queries: TenantReads) =>
  sql<SqlBool>`not exists ${queries.selectFrom("usage_rebuilds").select("next_bucket")}`;

/** Selects from sums as long as something is left to rebuild. After that, a database visits none of them. */
export const whileRebuilding = (queries: TenantReads): Select<"usage_rollups"> =>
  // Safe: the joined row adds no column that a query of sums names.
  queries
    .selectFrom("usage_rebuilds")
    .innerJoin(
      "usage_rollups",
      "usage_rollups.tenant_id",
      "usage_rebuilds.tenant_id",
    ) as unknown as Select<"usage_rollups">;
