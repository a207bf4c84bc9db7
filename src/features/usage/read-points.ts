import { type RawBuilder, sql } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { countMemory } from "#features/usage/count-memory.ts";
import { IS_USED, matchTimes, SUMS, type SummedRow } from "#features/usage/match-facts.ts";
import type { PointGroup, UsagePoint } from "#features/usage/schema.ts";
import { QUARTERS, ZonedTime } from "#features/usage/time-zone.ts";
import { toUsageFields } from "#features/usage/to-sums.ts";
import { requireFewPoints } from "#features/usage/to-window.ts";
import { countUsers, type FactFilter, QUARTER, type UsageWindow } from "#runtime/usage/index.ts";

/** A time of a series, with the sums of its usage. `begin` and `end` are quarters of an hour since 1970. */
export interface PointSums {
  readonly begin: number;
  readonly end: number;
  readonly sums: SummedRow;
  readonly users: number;
}

/** Returns the hours or days of a window that have usage, in their order. Throws 400 if the window has too many. */
export async function readPoints(
  ctx: Context,
  window: UsageWindow,
  filter: FactFilter,
  options: PlaceOptions,
): Promise<readonly UsagePoint[]> {
  const [points, memory] = await Promise.all([sumPoints(ctx, window, filter, options), countMemory(ctx, filter)]);
  return points.map(({ begin, end, sums, users }) => ({
    bucket_time: toTimestamp(new Date(begin * QUARTER)),
    ...toUsageFields(sums),
    thinking_tokens: Number(sums.reasoning_tokens),
    unique_users: users,
    ...memory.before(end),
    kg_entities: 0,
    kg_relations: 0,
  }));
}

async function sumPoints(
  ctx: Context,
  window: UsageWindow,
  filter: FactFilter,
  options: PlaceOptions,
): Promise<readonly PointSums[]> {
  const { group } = options;
  requireFewPoints(window, group);
  const { time, grain, point, beginOf } = openPlaces(window, options);
  const wanted = { window, filter, grain } as const;
  const [rows, users] = await Promise.all([
    matchTimes(ctx, wanted).select(point.as("point")).select(SUMS).groupBy("point").having(IS_USED).execute(),
    countUsers(ctx.db.reports, window, { filter, grain, places: time.placesIn(group), placeOf: point }),
  ]);
  const endOf = (point: number) => (group === "day" ? time.beginOf(point + 1) : beginOf(point) + QUARTERS.hour);
  return rows
    .map(({ point: name, ...sums }) => {
      const number = Number(name);
      return { begin: beginOf(number), end: endOf(number), sums, users: users.get(number) ?? 0 };
    })
    .toSorted((a, b) => a.begin - b.begin);
}

interface PlaceOptions {
  readonly group: PointGroup;
  readonly zone: string;
}

/** How the facts of a window are put into the hours or days of a time zone. */
interface Places {
  readonly time: ZonedTime;
  readonly grain: "quarter" | "day";
  /** The number of the hour or day of a fact. */
  readonly point: RawBuilder<number>;
  /** Returns the first quarter of an hour or a day. */
  beginOf(point: number): number;
}

export function openPlaces(window: UsageWindow, { group, zone }: PlaceOptions): Places {
  const time = new ZonedTime(zone, window);
  return {
    time,
    // Sums by days of UTC serve no other days.
    grain: group === "day" && time.isUtc ? "day" : "quarter",
    point: pointOf(time, group),
    beginOf: (point) => (group === "day" ? time.beginOf(point) : time.beginOfHour(point)),
  };
}

/** The number of the local day of a fact, or the first quarter of its local hour. */
export function pointOf({ segments }: ZonedTime, group: PointGroup): RawBuilder<number> {
  const [first, ...later] = segments;
  const numberOf = (offset: number) => {
    const shifted = sql`(bucket + ${sql.lit(offset)}) / ${sql.lit(QUARTERS[group])}`;
    return group === "day" ? shifted : sql`${shifted} * ${sql.lit(QUARTERS.hour)} - ${sql.lit(offset)}`;
  };
  const cases = later
    .toReversed()
    .map(({ from, offset }) => sql`when bucket >= ${sql.lit(from)} then ${numberOf(offset)}`);
  if (cases.length === 0) return sql<number>`${numberOf(first.offset)}`;
  return sql<number>`case ${sql.join(cases, sql` `)} else ${numberOf(first.offset)} end`;
}
