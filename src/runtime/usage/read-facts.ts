import { sql } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { idsAround } from "#base/ids.ts";
import { jsonText } from "#db/expressions/json-text.ts";
import type { UsageRollupsTable } from "#db/record-tables.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { NO_RUN } from "#runtime/runs/index.ts";
import { DIMENSIONS, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";
import { type FactQuery, factsOfRecords, factsOfRequests, factsOfRuns, toFacts } from "#runtime/usage/raw-facts.ts";
import { isRebuilt, whileRebuilding } from "#runtime/usage/rebuilt.ts";
import {
  coverRest,
  type Quarters,
  quartersAround,
  splitWindow,
  type TimeSpan,
  type UsageWindow,
} from "#runtime/usage/window.ts";

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
  /** The only user whose sums are wanted, where facts tell users. Other facts may be of others. */
  readonly user?: string | undefined;
}

/**
 * Selects the usage of a window as from a table: sums for what is counted, and rows for the rest. One statement reads
 * all of it, so that nothing counts twice or is missed while the sums grow.
 */
export function selectFacts(queries: TenantReads, window: UsageWindow, { grain, tells, user }: FactOptions) {
  const { sums, rests } = splitWindow(window, grain);
  const storedIn = (part: Quarters) =>
    tells === "nothing"
      ? timesIn(queries, part)
      : [
          tells === "users"
            ? userSumsIn(queries, part, user)
            : toFacts(ofGrain(queries.selectFrom("usage_rollups"), part.grain, part), STORED),
        ];
  const parts: readonly FactQuery[] = [
    factsOfRuns(queries, () => runsIn(queries.selectFrom("runs"), window).where("runs.is_counted", "=", NOT_COUNTED)),
    factsOfRecords(queries, recordsIn(queries, window).where("usage_records.is_counted", "=", NOT_COUNTED)),
    ...sums.flatMap(storedIn),
    ...rests.flatMap((rest) => {
      const covered = coverRest(rest, window.now);
      if (!covered) return [countedIn(queries, rest)];
      return [...storedIn(covered.sums), ...covered.beyond.map((part) => takenOff(queries, countedIn(queries, part)))];
    }),
  ];
  return queries.selectFromQuery<UsageFact>(parts.reduce((all, part) => all.unionAll(part)));
}

/** Selects who made requests in the parts of a window that no stored quarter is, as from a table. */
export function selectRequests(queries: TenantReads, window: UsageWindow) {
  const parts: readonly FactQuery[] = [
    factsOfRequests(queries, runsIn(queries.selectFrom("runs"), window).where("runs.is_counted", "=", NOT_COUNTED)),
    ...splitWindow(window, "quarter").rests.flatMap((rest) => usersOfRest(queries, rest)),
  ];
  return queries.selectFromQuery<UsageFact>(parts.reduce((all, part) => all.unionAll(part)));
}

/** Selects those users of the quarter who made a request in a part of it. A part may have far more runs than users. */
function usersOfRest(queries: TenantReads, rest: TimeSpan): readonly FactQuery[] {
  const of = <Column extends string>(column: Column) => `usage_users.${column}` as const;
  const { dialect, planner } = queries;
  const answeredBy = (key: "provider" | "model") => jsonText(dialect, "runs.answered_by", key);
  const request = countedRunsIn(queries.selectFrom("runs"), rest)
    .where("runs.parent_run_id", "is", null)
    .where("runs.user_id", "=", sql.ref<string>(of("user_id")))
    // Few runs are of one user.
    .where(planner.withoutIndex("runs.agent_id"), "=", sql.ref<string>(of("agent_id")))
    .where("runs.channel", "=", sql.ref<string>(of("channel")))
    .where(answeredBy("provider"), "=", sql.ref<string>(of("provider")))
    .where(answeredBy("model"), "=", sql.ref<string>(of("model")));
  const users = queries
    .selectFrom("usage_users")
    .where("usage_users.grain", "=", "quarter")
    .where("usage_users.bucket", "=", quartersAround(rest).first)
    .where(({ exists }) => exists(request.select("runs.id")))
    .where(isRebuilt(queries));
  return [toFacts(users, USERS), factsOfRequests(queries, countedRunsIn(whileRebuilding(queries, "runs"), rest))];
}

/** Selects the facts of a short time that sums hold too. */
const countedIn = (queries: TenantReads, part: TimeSpan): FactQuery =>
  factsOfRuns(queries, () => countedRunsIn(queries.selectFrom("runs"), part)).unionAll(
    factsOfRecords(
      queries,
      nearRecordIds(recordsIn(queries, part).where("usage_records.is_counted", "=", COUNTED), part),
    ),
  );

const countedRunsIn = (runs: Select<"runs">, part: TimeSpan): Select<"runs"> =>
  nearIds(runsIn(runs, part).where("runs.is_counted", "=", COUNTED), part);

/** Makes the numbers of facts negative. */
const takenOff = (queries: TenantReads, facts: FactQuery): FactQuery =>
  queries
    .selectFromQuery<UsageFact>(facts)
    .select([...DIMENSIONS])
    // Safe: these are the columns of a fact.
    .select(
      [...MEASURES, "open" as const].map((name) => sql<number>`-${sql.ref(name)}`.as(name)),
    ) as unknown as FactQuery;

const runsIn = (runs: Select<"runs">, { from, to }: TimeSpan): Select<"runs"> =>
  runs.where("runs.created_at", ">=", toTimestamp(from)).where("runs.created_at", "<", toTimestamp(to));

const recordsIn = (queries: TenantReads, { from, to }: TimeSpan): Select<"usage_records"> =>
  queries
    .selectFrom("usage_records")
    .where("usage_records.run_id", "=", OF_NO_RUN)
    .where("usage_records.created_at", ">=", toTimestamp(from))
    .where("usage_records.created_at", "<", toTimestamp(to));

const boundsOf = ({ from, to }: TimeSpan, slack?: number) => ({
  lowest: idsAround(from, slack).lowest,
  highest: idsAround(to, slack).highest,
});

/** The id and the time of a run are made one right after the other. Under load, each second more has many runs. */
const RUN_SLACK_MS = 1_000;

/** Narrows a query by ids, which have an index. */
function nearIds(runs: Select<"runs">, window: TimeSpan): Select<"runs"> {
  const { lowest, highest } = boundsOf(window, RUN_SLACK_MS);
  return runs.where("runs.id", ">", lowest).where("runs.id", "<", highest);
}

function nearRecordIds(records: Select<"usage_records">, window: TimeSpan): Select<"usage_records"> {
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

function userSumsIn(queries: TenantReads, part: Quarters, user: string | undefined): FactQuery {
  const rows = queries.selectFrom("usage_rollups");
  const grain = `user-${part.grain}` as const;
  if (user === undefined) return toFacts(ofGrain(rows, grain, part), STORED);
  // A range would visit the sums of all users. One bucket after the other, the key finds those of one.
  const buckets = ofGrain(rows, part.grain, part).select("usage_rollups.bucket").distinct();
  return toFacts(
    rows
      .where("usage_rollups.grain", "=", grain)
      .where("usage_rollups.bucket", "in", buckets)
      .where("usage_rollups.user_id", "=", user),
    STORED,
  );
}

/** Until the sums by time are rebuilt, those of all else are added up. */
const timesIn = (queries: TenantReads, part: Quarters): readonly FactQuery[] => [
  toFacts(ofGrain(queries.selectFrom("usage_rollups"), "time-quarter", part).where(isRebuilt(queries)), STORED),
  toFacts(
    ofGrain(whileRebuilding(queries, "usage_rollups"), "quarter", part).groupBy("usage_rollups.bucket"),
    ADDED_UP,
  ),
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

/** Numbers of users mean nothing. */
const USERS = {
  ...columnsOf(DIMENSIONS, (name) => sql.ref(`usage_users.${name}`)),
  ...columnsOf(MEASURES, () => sql<number>`0`),
  ...NONE_OPEN,
};
