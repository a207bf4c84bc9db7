import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { UsageRollupsTable } from "#db/record-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk, toBit } from "#db/values.ts";
import { lockUncounted, lockUncountedOf, markCounted, NO_RUN, type Uncounted } from "#runtime/runs/index.ts";
import { DIMENSIONS, type Dimension, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";
import { factsOfRecords, factsOfRuns } from "#runtime/usage/raw-facts.ts";
import { QUARTERS_PER_DAY } from "#runtime/usage/window.ts";

/** The runs that one transaction counts. A larger one would delay other writers. */
const RUNS_AT_ONCE = 100;
/** Each row has 18 parameters. */
const ROWS_AT_ONCE = 100;

/**
 * Adds the usage of some ended runs to the sums and marks them as counted, in the caller's transaction. So a run counts
 * once, whenever it ended and whatever the clocks say. Resolves to true if more may be left.
 */
export async function countUsage(queries: TenantQueries): Promise<boolean> {
  const found = await lockUncounted(queries, RUNS_AT_ONCE);
  await count(queries, found);
  return found.runIds.length === RUNS_AT_ONCE || found.recordIds.length === RUNS_AT_ONCE;
}

/** Counts all usage of an agent whose runs are about to be deleted, in the caller's transaction. */
export async function countUsageOf(queries: TenantQueries, agentId: string): Promise<void> {
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
  const sums = facts.map(toNumbers);
  await addSums(queries, "user-quarter", sums);
  await addSums(queries, "user-day", merge(sums, toDay));
  await addSums(queries, "quarter", merge(sums, toEveryone));
  await addSums(
    queries,
    "day",
    merge(sums, (row) => toDay(toEveryone(row))),
  );
  await markCounted(queries, uncounted);
}

type Sums = Omit<UsageFact, "open">;

/** Postgres returns large numbers as text. */
function toNumbers(row: Record<Dimension, string> & Record<"bucket" | (typeof MEASURES)[number], unknown>): Sums {
  const numbers = ["bucket" as const, ...MEASURES].map((name) => [name, Number(row[name])]);
  return { ...row, ...(Object.fromEntries(numbers) as Record<"bucket" | (typeof MEASURES)[number], number>) };
}

const keyOf = (sums: Sums) => JSON.stringify(DIMENSIONS.map((name) => sums[name]));

const toDay = (row: Sums): Sums => ({ ...row, bucket: row.bucket - (row.bucket % QUARTERS_PER_DAY) });
const toEveryone = (row: Sums): Sums => ({ ...row, user_id: "" });

/** Adds up what falls together once each row is made coarser. */
function merge(sums: readonly Sums[], coarser: (row: Sums) => Sums): readonly Sums[] {
  const merged = new Map<string, Sums>();
  for (const row of sums.map(coarser)) {
    const known = merged.get(keyOf(row));
    merged.set(keyOf(row), known ? add(known, row) : row);
  }
  return [...merged.values()];
}

const add = (a: Sums, b: Sums): Sums => ({
  ...a,
  ...(Object.fromEntries(MEASURES.map((name) => [name, a[name] + b[name]])) as Record<
    (typeof MEASURES)[number],
    number
  >),
});

async function addSums(
  queries: TenantQueries,
  grain: UsageRollupsTable["grain"],
  sums: readonly Sums[],
): Promise<void> {
  // Transactions that lock the same rows in the same order wait for each other instead of failing.
  const sorted = sums.map((row) => ({ key: keyOf(row), row })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const rows of chunk(sorted, ROWS_AT_ONCE)) {
    await queries
      .insertInto(
        "usage_rollups",
        rows.map(({ row }) => ({ ...row, grain })),
      )
      .onConflict((conflict) => conflict.columns(["tenant_id", "grain", ...DIMENSIONS]).doUpdateSet(SUMMED))
      .execute();
  }
}

const SUMMED = Object.fromEntries(
  MEASURES.map((name) => [name, sql<number>`${sql.ref(`usage_rollups.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
) as Record<(typeof MEASURES)[number], RawBuilder<number>>;
