import { type Expression, type RawBuilder, sql } from "kysely";
import { listOf, rowsOf, textsOf } from "#db/expressions/json-lists.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { VISITS } from "#runtime/usage/add-sums.ts";
import { type FactFilter, withFilter } from "#runtime/usage/fact-filter.ts";
import { selectRequests } from "#runtime/usage/read-facts.ts";
import { isRebuilt, whileRebuilding } from "#runtime/usage/rebuilt.ts";
import {
  type QuarterRange,
  type Quarters,
  splitQuarters,
  splitWindow,
  type UsageWindow,
} from "#runtime/usage/window.ts";

/** A part of a window whose users are counted together, such as a local day. It may have a gap. */
export interface UsagePlace {
  readonly place: number;
  readonly ranges: readonly QuarterRange[];
}

export interface UserCountOptions {
  readonly grain: Quarters["grain"];
  readonly filter: FactFilter;
  /** The places that a window consists of. */
  readonly places: readonly UsagePlace[];
  /** The place of a fact. */
  readonly placeOf: RawBuilder<number>;
}

interface PlaceRow {
  readonly place: number;
}

/** Counts the users with a request in each place of a window. */
export async function countUsers(
  queries: TenantReads,
  window: UsageWindow,
  options: UserCountOptions,
): Promise<ReadonlyMap<number, number>> {
  const counted = await selectUsers(queries, window, options).execute();
  return new Map(counted.map(({ place, users }) => [Number(place), Number(users)]));
}

/**
 * Selects the number of users of each place, in one statement. Each place reads its own range of `usage_users`, because
 * a database would sort all of them to group them.
 */
export function selectUsers(
  queries: TenantReads,
  window: UsageWindow,
  { grain, filter, places, placeOf }: UserCountOptions,
) {
  const { dialect } = queries;
  const stored = storedRanges(window, grain, places);
  const slots = Math.max(0, ...stored.map(({ ranges }) => ranges.length));
  const columns = Array.from({ length: slots }, (_, slot) => columnsOf(slot));
  const rows = rowsOf<PlaceRow>(
    dialect,
    stored.map(({ place, ranges }) => [place, ...ranges.flatMap((range) => [range.grain, range.first, range.end])]),
    [
      ["place", "number"],
      ...columns.flatMap(
        ({ grain, first, end }) =>
          [
            [grain, "text"],
            [first, "number"],
            [end, "number"],
          ] as const,
      ),
    ],
  );
  const requests = withFilter(queries, selectRequests(queries, window), filter).select([
    placeOf.as("place"),
    "user_id",
  ]);
  const others = queries
    .selectFromQuery<{ place: number; user_id: string }>(requests)
    .select(["place", listOf(dialect, "user_id").as("users")])
    .groupBy("place");
  const found = [
    ...columns.flatMap((slot) => usersIn(queries, slot, filter)),
    sql`select value from others cross join ${textsOf(dialect, "others.users")} where others.place = rows.place`,
  ];
  const distinct = sql<number>`(select count(distinct value) from (${sql.join(found, sql` union all `)}) as found)`;
  // A visit does not know whether a gap lies between it and the last one before it.
  const isOfVisits = slots === 1 && stored.every(({ ranges }) => ranges.every(({ grain }) => grain === "quarter"));
  const users =
    isOfVisits && isByTimeAlone(filter)
      ? sql<number>`case when ${isRebuilt(queries)} then ${countVisits(queries)} else ${distinct} end`
      : distinct;
  return queries.selectFromQueries<PlaceRow>(rows, others).select(["place", users.as("users")]);
}

const isByTimeAlone = (filter: FactFilter): boolean => Object.values(filter).every((value) => value === undefined);

/**
 * Counts the visits of a place that are the first ones of their users there, and who else made requests. Comparing two
 * numbers takes a third of the time in which a database tells all users of a place apart.
 */
function countVisits(queries: TenantReads): RawBuilder<number> {
  const column = (name: keyof Slot) => sql.ref<number>(`rows.${columnsOf(0)[name]}`);
  const visits = queries
    .selectFrom("usage_users")
    .where("grain", "=", VISITS)
    .where("bucket", ">=", column("first"))
    .where("bucket", "<", column("end"));
  const firsts = visits.where("previous", "<", column("first")).select(({ fn }) => fn.countAll().as("firsts"));
  const known = visits.where("user_id", "=", sql.ref<string>("texts.value")).select("bucket");
  const others = sql`select count(*) from others cross join ${textsOf(queries.dialect, "others.users")}
    where others.place = rows.place and not exists ${known}`;
  return sql<number>`${firsts} + (${others})`;
}

/** The stored quarters and days of each place. What else a window has are rows that no sums hold. */
function storedRanges(window: UsageWindow, grain: Quarters["grain"], places: readonly UsagePlace[]) {
  const { sums } = splitWindow(window, grain);
  const [first = 0, end = 0] = [sums.at(0)?.first, sums.at(-1)?.end];
  const clip = (range: QuarterRange) => ({ first: Math.max(first, range.first), end: Math.min(end, range.end) });
  return places.map(({ place, ranges }) => ({
    place,
    ranges: ranges.flatMap((range) => splitQuarters(clip(range), grain)),
  }));
}

interface Slot {
  readonly grain: string;
  readonly first: string;
  readonly end: string;
}

const columnsOf = (slot: number): Slot => ({ grain: `grain_${slot}`, first: `first_${slot}`, end: `end_${slot}` });

/** Selects who is stored in a range of a place. Until `usage_users` is rebuilt, sums by users say it. */
function usersIn(
  queries: TenantReads,
  { grain, first, end }: Slot,
  filter: FactFilter,
): readonly Expression<unknown>[] {
  const column = (name: string) => sql.ref<never>(`rows.${name}`);
  const { user_id: _, ...kinds } = filter;
  const users = withFilter(queries, queries.selectFrom("usage_users"), filter)
    .where("grain", "=", isByTimeAlone(kinds) ? sql<never>`'time-' || ${column(grain)}` : column(grain))
    .where("bucket", ">=", column(first))
    .where("bucket", "<", column(end))
    .where(isRebuilt(queries))
    .select("user_id");
  const sums = withFilter(queries, whileRebuilding(queries, "usage_rollups"), filter)
    .where("grain", "=", sql<never>`'user-' || ${column(grain)}`)
    .where("bucket", ">=", column(first))
    .where("bucket", "<", column(end))
    .where("requests", ">", 0)
    .select("user_id");
  // SQLite takes no parentheses around a part of a union, so each part selects from them.
  return [users, sums].map((query) => sql`select user_id as value from ${query} as stored`);
}
