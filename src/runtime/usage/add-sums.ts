import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { UsageRollupsTable } from "#db/record-tables.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";
import { DIMENSIONS, type Dimension, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";
import { QUARTERS_PER_DAY } from "#runtime/usage/window.ts";

/** Usage by quarters of an hour, of requests that have ended. */
export type Sums = Omit<UsageFact, "open">;

/**
 * The grain of visits: rows of users by quarters alone. It is written into the SQL text, because their index has it in its
 * condition.
 */
export const VISITS = sqlConstant("time-quarter" as const);

/** Each row has 18 parameters. */
const ROWS_AT_ONCE = 100;

/**
 * Lets the tenant's transactions that store sums or users take turns. A rebuild would take sums of another one for old
 * ones, and a visit has to know those before it.
 */
export const takeUsageTurn = (queries: TenantQueries): Promise<void> => queries.takeTurn("usage");

/** Adds usage by quarters and users to the stored sums of every grain. */
export async function addSums(queries: TenantQueries, sums: readonly Sums[]): Promise<void> {
  const ofAll = merge(sums, toEveryone);
  await addTo(queries, "user-quarter", sums);
  await addTo(queries, "user-day", merge(sums, toDay));
  await addTo(queries, "quarter", ofAll);
  await addTo(queries, "day", merge(ofAll, toDay));
  await addTimes(queries, ofAll);
  await addUsers(queries, sums);
}

/** Adds usage to the sums by time alone. */
export const addTimes = (queries: TenantQueries, sums: readonly Sums[]): Promise<void> =>
  addTo(queries, "time-quarter", merge(sums, toTime));

/**
 * Stores who made the requests. A row says so once, so it may be stored again. Users by time alone have rows of their
 * own, which are a part of the others.
 */
export async function addUsers(queries: TenantQueries, sums: readonly UserOfTime[]): Promise<void> {
  const quarters = sums.filter(({ requests }) => requests > 0);
  const days = distinct(quarters.map(toDay));
  const rows = [
    ...quarters.map((row) => ({ row, grain: "quarter" as const })),
    ...days.map((row) => ({ row, grain: "day" as const })),
    ...distinct(quarters.map(toUser)).map((row) => ({ row, grain: "time-quarter" as const })),
    ...distinct(days.map(toUser)).map((row) => ({ row, grain: "time-day" as const })),
  ];
  for (const some of chunk(inOrder(rows), ROWS_AT_ONCE)) {
    const added = await queries
      .insertInto(
        "usage_users",
        some.map(({ row, grain }) => ({ ...dimensionsOf(row), grain, previous: null })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning(["grain", "bucket", "user_id"])
      .execute();
    await linkVisits(
      queries,
      added.filter(({ grain }) => grain === "time-quarter"),
    );
  }
}

/** A row of a user in a quarter of an hour. */
type Visit = Pick<Sums, "bucket" | "user_id">;

const LAST_BEFORE = sql<number>`coalesce((select max(earlier.bucket) from usage_users earlier
  where earlier.tenant_id = usage_users.tenant_id and earlier.grain = ${VISITS}
    and earlier.user_id = usage_users.user_id and earlier.bucket < usage_users.bucket), 0)`;

/** Tells new visits which one is the last before them. The next ones may be known already, if a run ended late. */
async function linkVisits(queries: TenantQueries, visits: readonly Visit[]): Promise<void> {
  if (visits.length === 0) return;
  await queries
    .updateTable("usage_users")
    .set({ previous: LAST_BEFORE })
    .where("grain", "=", VISITS)
    .where("user_id", "in", [...new Set(visits.map(({ user_id }) => user_id))])
    .where("bucket", ">=", Math.min(...visits.map(({ bucket }) => Number(bucket))))
    .execute();
}

/** What a row of users needs of a sum. */
export type UserOfTime = Pick<Sums, "bucket" | Dimension | "requests">;

const dimensionsOf = (row: UserOfTime): Pick<Sums, "bucket" | Dimension> => {
  const { bucket, user_id, agent_id, channel, provider, model } = row;
  return { bucket, user_id, agent_id, channel, provider, model };
};

const keyOf = (row: UserOfTime) => JSON.stringify(DIMENSIONS.map((name) => row[name]));

const toDay = <Row extends UserOfTime>(row: Row): Row => ({
  ...row,
  bucket: row.bucket - (row.bucket % QUARTERS_PER_DAY),
});
const toUser = (row: UserOfTime): UserOfTime => ({ ...row, agent_id: "", channel: "", provider: "", model: "" });
const distinct = (rows: readonly UserOfTime[]): readonly UserOfTime[] => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
];
const toEveryone = (row: Sums): Sums => ({ ...row, user_id: "" });
const toTime = (row: Sums): Sums => ({ ...row, user_id: "", agent_id: "", channel: "", provider: "", model: "" });

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

async function addTo(queries: TenantQueries, grain: UsageRollupsTable["grain"], sums: readonly Sums[]): Promise<void> {
  for (const rows of chunk(inOrder(sums.map((row) => ({ row }))), ROWS_AT_ONCE)) {
    await queries
      .insertInto(
        "usage_rollups",
        rows.map(({ row }) => ({ ...row, grain })),
      )
      .onConflict((conflict) => conflict.columns(["tenant_id", "grain", ...DIMENSIONS]).doUpdateSet(SUMMED))
      .execute();
  }
}

/** Transactions that lock the same rows in the same order wait for each other instead of failing. */
const inOrder = <Entry extends { readonly row: UserOfTime }>(entries: readonly Entry[]): readonly Entry[] =>
  entries
    .map((entry) => ({ key: keyOf(entry.row), entry }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry);

const SUMMED = Object.fromEntries(
  MEASURES.map((name) => [name, sql<number>`${sql.ref(`usage_rollups.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
) as Record<(typeof MEASURES)[number], RawBuilder<number>>;
