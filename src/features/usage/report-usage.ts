import type { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { listUsageRecords } from "#features/usage/list-usage-records.ts";
import { toFilter } from "#features/usage/match-facts.ts";
import { readPoints } from "#features/usage/read-points.ts";
import { readRows } from "#features/usage/read-rows.ts";
import { readSeries } from "#features/usage/read-series.ts";
import {
  isPointGroup,
  type UsagePoints,
  type UsagePointsInput,
  type UsageReport,
  type UsageReportInput,
  type UsageRows,
  type UsageRowsInput,
} from "#features/usage/schema.ts";
import { toOpenWindow, toWindow, zoneOf } from "#features/usage/to-window.ts";

/** Reports usage as points or rows, together with the runs behind it. */
export async function reportUsage(ctx: Context, input: UsageReportInput): Promise<z.input<typeof UsageReport>> {
  const { group_by, limit, offset } = input;
  const filter = await toFilter(ctx, input);
  const window = toWindow(ctx, input);
  const [points, rows, page] = await Promise.all([
    isPointGroup(group_by) ? readPoints(ctx, window, filter, { group: group_by, zone: zoneOf(input) }) : [],
    isPointGroup(group_by) ? [] : readRows(ctx, window, filter, group_by),
    listUsageRecords(ctx, toOpenWindow(ctx, input), filter, { limit, offset }),
  ]);
  const { records, total } = page;
  const [from, to] = [toTimestamp(window.from), toTimestamp(window.to)];
  return { points: [...points], rows: [...rows], records: [...records], total, limit, offset, from, to, group_by };
}

/** Returns usage by hours or days, and the same told apart by a field. */
export async function readTimeSeries(ctx: Context, input: UsagePointsInput): Promise<z.input<typeof UsagePoints>> {
  const { split_by: field, rank_by: rankBy, series_limit: limit } = input;
  const options = { group: input.group_by, zone: zoneOf(input) };
  const window = toWindow(ctx, input);
  const filter = await toFilter(ctx, input);
  const [points, series] = await Promise.all([
    readPoints(ctx, window, filter, options),
    field === undefined ? undefined : readSeries(ctx, window, filter, { ...options, field, rankBy, limit }),
  ]);
  return { points: [...points], ...(series && { series: [...series] }) };
}

/** Returns usage by the values of a field. */
export async function readBreakdown(ctx: Context, input: UsageRowsInput): Promise<z.input<typeof UsageRows>> {
  return { rows: [...(await readRows(ctx, toWindow(ctx, input), await toFilter(ctx, input), input.group_by))] };
}
