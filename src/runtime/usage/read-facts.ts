import { sql } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { idsAround } from "#base/ids.ts";
import type { UsageRollupsTable } from "#db/record-tables.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { NO_RUN } from "#runtime/runs/index.ts";
import { DIMENSIONS, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";
import { type FactQuery, factsOfRecords, factsOfRequests, factsOfRuns, toFacts } from "#runtime/usage/raw-facts.ts";
import { isRebuilt, whileRebuilding } from "#runtime/usage/rebuilt.ts";
import { type Quarters, splitWindow, type UsageWindow } from "#runtime/usage/window.ts";

/** Written into the SQL text, because partial indexes have them in their conditions. */
const [NOT_COUNTED, COUNTED] = [sqlConstant(toBit(false)), sqlConstant(toBit(true))];
const OF_NO_RUN = sqlConstant(NO_RUN);

export interface FactOptions {
  /** `day` allows sums by days of UTC, whose facts have the first quarter of their day. */
  readonly grain: Quarters["grain"];
  /**
   * What facts name beside their time. Most of them are those of all users, which are far fewer, unless it is `users`.
   * With `nothing`, they are added up by their time, in the order of the table, which spares the database a sort.
   */
  readonly tells: "users" | "all but users" | "nothing";
}

/**
 * Selects the usage of a window as from a table: sums for what is counted, and rows for the rest. One statement reads
 * all of it, so that nothing counts twice or is missed while the sums grow.
 */
export function selectFacts(queries: TenantReads, window: UsageWindow, { grain, tells }: FactOptions) {
  const { sums, rests } = splitWindow(window, grain);
  const parts: readonly FactQuery[] = [
    factsOfRuns(queries, () => runsIn(queries, window).where("runs.is_counted", "=", NOT_COUNTED)),
    factsOfRecords(queries, recordsIn(queries, window).where("usage_records.is_counted", "=", NOT_COUNTED)),
    ...sums.flatMap((part) => (tells === "nothing" ? timesIn(queries, part) : [sumsIn(queries, part, tells)])),
    ...rests.flatMap((rest) => [
      factsOfRuns(queries, () => nearIds(runsIn(queries, rest).where("runs.is_counted", "=", COUNTED), rest)),
      factsOfRecords(
        queries,
        nearRecordIds(recordsIn(queries, rest).where("usage_records.is_counted", "=", COUNTED), rest),
      ),
    ]),
  ];
  return queries.selectFromQuery<UsageFact>(parts.reduce((all, part) => all.unionAll(part)));
}

/** Selects the requests of a window that no sums hold as from a table. */
export function selectRequests(queries: TenantReads, window: UsageWindow) {
  const parts: readonly FactQuery[] = [
    factsOfRequests(queries, runsIn(queries, window).where("runs.is_counted", "=", NOT_COUNTED)),
    ...splitWindow(window, "quarter").rests.map((rest) =>
      factsOfRequests(queries, nearIds(runsIn(queries, rest).where("runs.is_counted", "=", COUNTED), rest)),
    ),
  ];
  return queries.selectFromQuery<UsageFact>(parts.reduce((all, part) => all.unionAll(part)));
}

const runsIn = (queries: TenantReads, { from, to }: UsageWindow): Select<"runs"> =>
  queries
    .selectFrom("runs")
    .where("runs.created_at", ">=", toTimestamp(from))
    .where("runs.created_at", "<", toTimestamp(to));

const recordsIn = (queries: TenantReads, { from, to }: UsageWindow): Select<"usage_records"> =>
  queries
    .selectFrom("usage_records")
    .where("usage_records.run_id", "=", OF_NO_RUN)
    .where("usage_records.created_at", ">=", toTimestamp(from))
    .where("usage_records.created_at", "<", toTimestamp(to));

const boundsOf = ({ from, to }: UsageWindow, slack?: number) => ({
  lowest: idsAround(from, slack).lowest,
  highest: idsAround(to, slack).highest,
});

/** The id and the time of a run are made one right after the other. Under load, each second more has many runs. */
const RUN_SLACK_MS = 1_000;

/** Narrows a query by ids, which have an index. */
function nearIds(runs: Select<"runs">, window: UsageWindow): Select<"runs"> {
  const { lowest, highest } = boundsOf(window, RUN_SLACK_MS);
  return runs.where("runs.id", ">", lowest).where("runs.id", "<", highest);
}

function nearRecordIds(records: Select<"usage_records">, window: UsageWindow): Select<"usage_records"> {
  const { lowest, highest } = boundsOf(window);
  return records.where("usage_records.id", ">", lowest).where("usage_records.id", "<", highest);
}

const ofGrain = (
  rows: Select<"usage_rollups">,
  grain: UsageRollupsTable["grain"],
  { first, end }: Quarters,
): Select<"usage_rollups"> =>
  rows
    .where("usage_rollups.grain", "=", grain)
    .where("usage_rollups.bucket", ">=", first)
    .where("usage_rollups.bucket", "<", end);

const sumsIn = (queries: TenantReads, part: Quarters, tells: "users" | "all but users"): FactQuery => {
  const grain = tells === "users" ? (`user-${part.grain}` as const) : part.grain;
  return toFacts(ofGrain(queries.selectFrom("usage_rollups"), grain, part), STORED);
};

/** Until the sums by time are rebuilt, those of all else are added up. */
const timesIn = (queries: TenantReads, part: Quarters): readonly FactQuery[] => [
  toFacts(ofGrain(queries.selectFrom("usage_rollups"), "time-quarter", part).where(isRebuilt(queries)), STORED),
  toFacts(ofGrain(whileRebuilding(queries), "quarter", part).groupBy("usage_rollups.bucket"), ADDED_UP),
];

/** Only ended runs are counted. */
const NONE_OPEN = { open: sql<number>`0` };

const columnsOf = <Name extends keyof UsageFact, Column>(names: readonly Name[], column: (name: Name) => Column) =>
  Object.fromEntries(names.map((name) => [name, column(name)])) as Record<Name, Column>;

const refTo = (name: string) => sql.ref(`usage_rollups.${name}`);

const STORED = { ...columnsOf([...DIMENSIONS, ...MEASURES], refTo), ...NONE_OPEN };

const ADDED_UP = {
  ...columnsOf(DIMENSIONS, () => sql`''`),
  ...columnsOf(MEASURES, (name) => sql<number>`sum(${refTo(name)})`),
  ...NONE_OPEN,
  bucket: refTo("bucket"),
};
