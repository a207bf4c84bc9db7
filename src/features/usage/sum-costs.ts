import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { toFilter } from "#features/usage/match-facts.ts";
import { readRows } from "#features/usage/read-rows.ts";
import type { CostRows, CostsInput } from "#features/usage/schema.ts";
import { toOpenWindow } from "#features/usage/to-window.ts";

/** Sums up the cost of each agent, the most expensive first. Without a window, of all time. */
export async function sumCosts(ctx: Context, input: CostsInput): Promise<z.input<typeof CostRows>> {
  const rows = await readRows(ctx, toOpenWindow(ctx, input), await toFilter(ctx, input), "agent");
  return {
    rows: rows
      .toSorted((a, b) => b.total_cost - a.total_cost)
      .map((row) => ({
        ...(row.key !== "" && { agent_id: row.key }),
        total_cost: row.total_cost,
        total_input_tokens: row.input_tokens,
        total_output_tokens: row.output_tokens,
        trace_count: row.request_count,
      })),
  };
}
