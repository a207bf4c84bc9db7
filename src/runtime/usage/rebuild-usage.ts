import type { TenantId } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { addTimes, addUsers, takeUsageTurn } from "#runtime/usage/add-sums.ts";
import { toSums } from "#runtime/usage/to-sums.ts";

/** Returns the tenants whose sums an older release made. */
export async function findTenantsToRebuild(system: SystemDatabase): Promise<readonly TenantId[]> {
  const rows = await system.read.selectFrom("usage_rebuilds").select("tenant_id").execute();
  return rows.map(({ tenant_id }) => tenant_id);
}

/**
 * Makes the users and the sums by time of the next quarter of an hour from its other sums, in the caller's transaction.
 * Resolves to true if more may be left. Reads use what it makes only when nothing is left.
 */
export async function rebuildUsage(queries: TenantQueries): Promise<boolean> {
  await takeUsageTurn(queries);
  const rebuild = await queries.selectForUpdate("usage_rebuilds").select("next_bucket").executeTakeFirst();
  if (!rebuild) return false;
  const next = await queries
    .selectFrom("usage_rollups")
    .select(({ fn }) => fn.min("bucket").as("bucket"))
    .where("grain", "=", "user-quarter")
    .where("bucket", ">=", Number(rebuild.next_bucket))
    .executeTakeFirst();
  if (next?.bucket == null) {
    await queries.deleteFrom("usage_rebuilds").execute();
    return false;
  }
  await rebuildQuarter(queries, Number(next.bucket));
  await queries
    .updateTable("usage_rebuilds")
    .set({ next_bucket: Number(next.bucket) + 1 })
    .execute();
  return true;
}

async function rebuildQuarter(queries: TenantQueries, bucket: number): Promise<void> {
  const rows = await queries
    .selectForUpdate("usage_rollups")
    .selectAll()
    .where("grain", "in", ["quarter", "user-quarter"])
    .where("bucket", "=", bucket)
    .execute();
  const sumsOf = (grain: string) =>
    rows.filter((row) => row.grain === grain).map(({ grain: _, ...row }) => toSums(row));
  await queries.deleteFrom("usage_rollups").where("grain", "=", "time-quarter").where("bucket", "=", bucket).execute();
  await addTimes(queries, sumsOf("quarter"));
  await addUsers(queries, sumsOf("user-quarter"));
}
