import { sql } from "kysely";
import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { countUsers, matchFacts, SUMS, toFilter } from "#features/usage/match-facts.ts";
import type { SummariseUsageInput, UsageSummary } from "#features/usage/schema.ts";
import { toUsageSum } from "#features/usage/to-sums.ts";
import { toPeriods } from "#features/usage/to-window.ts";
import type { UsageWindow } from "#runtime/usage/index.ts";

/** All facts are one group. */
const WHOLE = sql<number>`0`;

/** Sums up a period and the one before it. */
export async function summariseUsage(ctx: Context, input: SummariseUsageInput): Promise<z.infer<typeof UsageSummary>> {
  const filter = await toFilter(ctx, input);
  const sumOf = async (window: UsageWindow) => {
    const wanted = { window, filter, grain: "day" } as const;
    const [row, usersOf] = await Promise.all([
      matchFacts(ctx, wanted).select(SUMS).executeTakeFirstOrThrow(),
      countUsers(ctx, wanted, WHOLE),
    ]);
    return { ...toUsageSum(row), unique_users: usersOf(0) };
  };
  const periods = toPeriods(ctx, input);
  const [current, previous] = await Promise.all([sumOf(periods.current), sumOf(periods.previous)]);
  return { current, previous };
}
