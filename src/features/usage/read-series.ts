import { sql } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { IS_USED, matchFacts, SUMS } from "#features/usage/match-facts.ts";
import { openPlaces } from "#features/usage/read-points.ts";
import type { PointGroup, RankMeasure, SplitField, UsageSeries } from "#features/usage/schema.ts";
import { toUsageFields } from "#features/usage/to-sums.ts";
import { requireFewPoints } from "#features/usage/to-window.ts";
import { type FactFilter, QUARTER, type UsageWindow } from "#runtime/usage/index.ts";

interface SeriesOptions {
  readonly group: PointGroup;
  readonly zone: string;
  readonly field: SplitField;
  readonly rankBy: RankMeasure;
  /** How many values of the field are told apart. */
  readonly limit: number;
}

/**
 * Tells the hours or days of a window apart by a field. Each of its largest values has a series, the largest first, and
 * all others together have the last. Throws 400 if these could have too many points.
 */
export async function readSeries(
  ctx: Context,
  window: UsageWindow,
  filter: FactFilter,
  options: SeriesOptions,
): Promise<readonly UsageSeries[]> {
  requireFewPoints(window, options.group, options.limit + 1);
  const keys = await rankValues(ctx, window, filter, options);
  if (keys.length === 0) return [];
  const { grain, point, beginOf } = openPlaces(window, options);
  const column = columnOf(options.field);
  const rows = await matchFacts(ctx, { window, filter, grain }, tellsOf(options.field))
    .select(point.as("point"))
    .select(
      sql<string | null>`case when ${sql.ref(column)} in (${sql.join(keys)}) then ${sql.ref(column)} end`.as("value"),
    )
    .select(SUMS)
    .groupBy(["point", "value"])
    .having(IS_USED)
    .execute();
  const byValue = Map.groupBy(rows, ({ value }) => value);
  return [...keys, null].flatMap((key) => {
    const own = (byValue.get(key) ?? []).toSorted((a, b) => Number(a.point) - Number(b.point));
    const points = own.map(({ point, value: _, ...sums }) => ({
      bucket_time: toTimestamp(new Date(beginOf(Number(point)) * QUARTER)),
      ...toUsageFields(sums),
    }));
    return points.length === 0 ? [] : [{ key, points }];
  });
}

const columnOf = (field: SplitField) => {
  if (field === "agent") return "agent_id";
  return field === "user" ? "user_id" : field;
};

/** Most facts name no users, which are many. */
const tellsOf = (field: SplitField) => (field === "user" ? "users" : undefined);

const TOKENS = sql<number>`sum(input_tokens) + sum(output_tokens)`;
const RANKS = {
  cost: sql<number>`sum(cost_nanos)`,
  tokens: TOKENS,
  requests: sql<number>`sum(requests)`,
  errors: sql<number>`sum(errors)`,
  latency: sql<number>`coalesce(sum(duration_ms) * 1.0 / nullif(sum(requests) - sum(open), 0), 0)`,
} as const satisfies Readonly<Record<RankMeasure, unknown>>;

/** Returns the largest values of a field in a window, the largest first. Among equals, tokens decide. */
async function rankValues(
  ctx: Context,
  window: UsageWindow,
  filter: FactFilter,
  { field, rankBy, limit }: SeriesOptions,
): Promise<readonly string[]> {
  const column = columnOf(field);
  const rows = await matchFacts(ctx, { window, filter, grain: "day" }, tellsOf(field))
    .select(column)
    .groupBy(column)
    .having(IS_USED)
    .orderBy(RANKS[rankBy], "desc")
    .orderBy(TOKENS, "desc")
    .orderBy(column)
    .limit(limit)
    .execute();
  return rows.map((row) => row[column]);
}
