import { sql } from "kysely";
import type { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { containsText } from "#db/expressions/contains-text.ts";
import type { Select } from "#db/tenant-queries.ts";
import { matchTraces, visibleRuns } from "#features/traces/match-traces.ts";
import { readTraces } from "#features/traces/read-traces.ts";
import type { ListTracesInput, TracePage } from "#features/traces/schema.ts";

/** Lists traces, newest first. A filter by an unknown agent finds nothing. */
export async function listTraces(
  ctx: Context,
  { limit, offset, ...filters }: ListTracesInput,
): Promise<z.input<typeof TracePage>> {
  const matching = await matchTraces(ctx, filters);
  if (!matching) return { traces: [], total: 0, limit, offset };
  const found = filters.q === undefined ? matching : searchTexts(ctx, matching, filters.q);
  const [traces, total] = await Promise.all([
    readTraces(ctx, found.orderBy("runs.id", "desc").limit(limit).offset(offset)),
    countTraces(ctx, found),
  ]);
  return { traces: [...traces], total, limit, offset };
}

/** Narrows a query to the newest runs that show a text. Older ones are not looked at, because texts have no index. */
function searchTexts(ctx: Context, matching: Select<"runs">, text: string): Select<"runs"> {
  const newest = matching.select("runs.id").orderBy("runs.id", "desc").limit(LIMITS.tracesSearched);
  const shown = sql`runs.input_preview || ' ' || coalesce(runs.output, '') || ' ' || runs.session_key || ' ' || runs.agent_key`;
  return visibleRuns(ctx)
    .where("runs.id", "in", newest)
    .where(containsText(ctx.db.reports.dialect, shown, text));
}

/** Counts up to a number, because traces grow without end and nobody reads a page beyond it. */
async function countTraces({ db }: Context, found: Select<"runs">): Promise<number> {
  const { total } = await db.reports
    .selectFromQuery(found.select("runs.id").limit(LIMITS.tracesCounted))
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  return Number(total);
}
