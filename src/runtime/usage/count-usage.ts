import { sql } from "kysely";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { lockUncounted, lockUncountedOf, markCounted, NO_RUN, type Uncounted } from "#runtime/runs/index.ts";
import { addSums, takeUsageTurn } from "#runtime/usage/add-sums.ts";
import { DIMENSIONS, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";
import { factsOfRecords, factsOfRuns } from "#runtime/usage/raw-facts.ts";
import { toSums } from "#runtime/usage/to-sums.ts";

/** The runs that one transaction counts. A larger one would delay other writers. */
const RUNS_AT_ONCE = 100;

/**
 * Adds the usage of some ended runs to the sums and marks them as counted, in the caller's transaction. So a run counts
 * once, whenever it ended and whatever the clocks say. Resolves to true if more may be left.
 */
export async function countUsage(queries: TenantQueries): Promise<boolean> {
  await takeUsageTurn(queries);
  const found = await lockUncounted(queries, RUNS_AT_ONCE);
  await count(queries, found);
  return found.runIds.length === RUNS_AT_ONCE || found.recordIds.length === RUNS_AT_ONCE;
}

/** Counts all usage of an agent whose runs are about to be deleted, in the caller's transaction. */
export async function countUsageOf(queries: TenantQueries, agentId: string): Promise<void> {
  await takeUsageTurn(queries);
  let found: Uncounted;
  do {
    found = await lockUncountedOf(queries, agentId, RUNS_AT_ONCE);
    await count(queries, found);
  } while (found.runIds.length === RUNS_AT_ONCE);
}

async function count(queries: TenantQueries, uncounted: Uncounted): Promise<void> {
  const { runIds, recordIds } = uncounted;
  if (runIds.length === 0 && recordIds.length === 0) return;
  const runs = () => queries.selectFrom("runs").where("runs.id", "in", runIds.length > 0 ? runIds : [NO_RUN]);
  const records = queries
    .selectFrom("usage_records")
    .where("usage_records.run_id", "=", NO_RUN)
    .where("usage_records.is_counted", "=", toBit(false))
    .where("usage_records.id", "in", recordIds.length > 0 ? recordIds : [NO_RUN]);
  const facts = await queries
    .selectFromQuery<UsageFact>(factsOfRuns(queries, runs).unionAll(factsOfRecords(queries, records)))
    .select([...DIMENSIONS])
    .select(MEASURES.map((name) => sql<number>`sum(${sql.ref(name)})`.as(name)))
    .groupBy([...DIMENSIONS])
    .execute();
  await addSums(queries, facts.map(toSums));
  await markCounted(queries, uncounted);
}
