import { sql } from "kysely";
import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { matchFacts, SUMS, toFilter } from "#features/usage/match-facts.ts";
import type { SummariseUsageInput, UsageSummary } from "#features/usage/schema.ts";
import { toUsageSum } from "#features/usage/to-sums.ts";
import { toPeriods } from "#features/usage/to-window.ts";
import { countUsers, quartersAround, type UsageWindow } from "#runtime/usage/index.ts";

/** The window is one place. */
const WHOLE = 0;

/** Sums up a period and the one before it. */
export async function summariseUsage(ctx: Context, input: SummariseUsageInput): Promise<z.infer<typeof UsageSummary>> {
  const filter = await toFilter(ctx, input);
  const sumOf = async (window: UsageWindow) => {
    const wanted = { window, filter, grain: "day" } as const;
    const [row, users] = await Promise.all([
      matchFacts(ctx, wanted).select(SUMS).executeTakeFirstOrThrow(),
      countUsers(ctx.db.reports, window, {
        ...{ filter, grain: "day", placeOf: sql`${sql.lit(WHOLE)}` },
        places: [{ place: WHOLE, ranges: [quartersAround(window)] }],
      }),
    ]);
    return { ...toUsageSum(row), unique_users: users.get(WHOLE) ?? 0 };
  };
  const periods = toPeriods(ctx, input);
  const [current, previous] = await Promise.all([sumOf(periods.current), sumOf(periods.previous)]);
  return { current, previous };
}
