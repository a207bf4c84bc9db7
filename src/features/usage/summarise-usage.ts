import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { matchFacts, SUMS, toFilter } from "#features/usage/match-facts.ts";
import type { SummariseUsageInput, UsageSummary } from "#features/usage/schema.ts";
import { toUsageSum } from "#features/usage/to-sums.ts";
import { toPeriods } from "#features/usage/to-window.ts";
import type { UsageWindow } from "#runtime/usage/index.ts";

/** Sums up a period and the one before it. */
export async function summariseUsage(ctx: Context, input: SummariseUsageInput): Promise<z.infer<typeof UsageSummary>> {
  const filter = await toFilter(ctx, input);
  const sumOf = async (window: UsageWindow) =>
    toUsageSum(await matchFacts(ctx, window, filter, "day").select(SUMS).executeTakeFirstOrThrow());
  const periods = toPeriods(ctx, input);
  const [current, previous] = await Promise.all([sumOf(periods.current), sumOf(periods.previous)]);
  return { current, previous };
}
