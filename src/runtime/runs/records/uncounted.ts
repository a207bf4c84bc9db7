import type { TenantId } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { NO_RUN } from "#runtime/runs/records/usage-store.ts";

/** Written into the SQL text, because partial indexes have it in their condition. */
const NOT_COUNTED = sqlConstant(toBit(false));
const OF_NO_RUN = sqlConstant(NO_RUN);
const COUNTED = toBit(true);

/** Ids of rows whose usage is not counted yet. They are locked until the transaction ends. */
export interface Uncounted {
  readonly runIds: readonly string[];
  /** Usage records of no run. */
  readonly recordIds: readonly string[];
}

/** Locks ended runs that are not counted yet, and usage of no run, oldest first. At most `limit` of each. */
export async function lockUncounted(queries: TenantQueries, limit: number): Promise<Uncounted> {
  const runs = await queries
    .selectForUpdate("runs")
    .select("id")
    .where("is_counted", "=", NOT_COUNTED)
    .where("ended_at", "is not", null)
    .orderBy("id")
    .limit(limit)
    .execute();
  const records = await queries
    .selectForUpdate("usage_records")
    .select("id")
    .where("run_id", "=", OF_NO_RUN)
    .where("is_counted", "=", NOT_COUNTED)
    .orderBy("id")
    .limit(limit)
    .execute();
  return { runIds: runs.map(({ id }) => id), recordIds: records.map(({ id }) => id) };
}

/** Locks runs of an agent that are not counted yet, open ones too. At most `limit`. */
export async function lockUncountedOf(queries: TenantQueries, agentId: string, limit: number): Promise<Uncounted> {
  const runs = await queries
    .selectForUpdate("runs")
    .select("id")
    .where("is_counted", "=", NOT_COUNTED)
    .where("agent_id", "=", agentId)
    .limit(limit)
    .execute();
  return { runIds: runs.map(({ id }) => id), recordIds: [] };
}

/** Marks locked rows as counted. */
export async function markCounted(queries: TenantQueries, { runIds, recordIds }: Uncounted): Promise<void> {
  if (runIds.length > 0)
    await queries.updateTable("runs").set({ is_counted: COUNTED }).where("id", "in", runIds).execute();
  if (recordIds.length === 0) return;
  await queries
    .updateTable("usage_records")
    .set({ is_counted: COUNTED })
    .where("run_id", "=", OF_NO_RUN)
    .where("id", "in", recordIds)
    .execute();
}

/** Returns the tenants that have something to count. */
export async function findTenantsToCount(system: SystemDatabase): Promise<readonly TenantId[]> {
  const runs = system.read
    .selectFrom("runs")
    .select("tenant_id")
    .where("is_counted", "=", NOT_COUNTED)
    .where("ended_at", "is not", null);
  const records = system.read
    .selectFrom("usage_records")
    .select("tenant_id")
    .where("run_id", "=", OF_NO_RUN)
    .where("is_counted", "=", NOT_COUNTED);
  // A union has each tenant once.
  return (await runs.union(records).execute()).map(({ tenant_id }) => tenant_id);
}
