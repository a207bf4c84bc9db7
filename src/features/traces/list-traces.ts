import { sql } from "kysely";
import type { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { containsText } from "#db/expressions/contains-text.ts";
import { type MatchedTraces, matchTraces, visibleRuns } from "#features/traces/match-traces.ts";
import { readTraces } from "#features/traces/read-traces.ts";
import type { ListTracesInput, TracePage } from "#features/traces/schema.ts";

/** Lists traces, newest first. A filter by an unknown agent finds nothing. */
export async function listTraces(
  ctx: Context,
  { limit, offset, ...filters }: ListTracesInput,
): Promise<z.input<typeof TracePage>> {
  const matching = await matchTraces(ctx, filters);
  if (!matching) return { traces: [], total: 0, limit, offset };
  if (filters.q !== undefined) {
    const found = await searchTexts(ctx, matching, filters.q);
    const page = found.slice(offset, offset + limit);
    return { traces: [...(await readById(ctx, page))], total: found.length, limit, offset };
  }
  const [traces, total] = await Promise.all([
    readTraces(ctx, matching.newest(limit, offset)),
    countTraces(ctx, matching),
  ]);
  return { traces: [...traces], total, limit, offset };
}

const readById = async (ctx: Context, ids: readonly string[]) =>
  ids.length === 0 ? [] : readTraces(ctx, visibleRuns(ctx).where("runs.id", "in", ids).orderBy("runs.id", "desc"));

/**
 * Returns the ids of the runs that show a text, newest first. Texts have no index, so only the newest runs are looked at,
 * and only the beginning of their output. One pass finds both the page and the total.
 */
async function searchTexts(ctx: Context, matching: MatchedTraces, text: string): Promise<readonly string[]> {
  const { reports } = ctx.db;
  const shown = sql<string>`runs.input_preview || ' ' || coalesce(substr(runs.output, 1, ${sql.lit(LIMITS.previewChars)}), '')
    || ' ' || runs.session_key || ' ' || runs.agent_key`;
  const newest = matching.newest(LIMITS.tracesSearched).select(["runs.id", shown.as("shown")]);
  const rows = await reports
    .selectFromQuery(newest)
    .select("id")
    .where(containsText(reports.dialect, sql.ref("shown"), text))
    .orderBy("id", "desc")
    .execute();
  return rows.map(({ id }) => id);
}

/** Counts up to a number, because traces grow without end and nobody reads a page beyond it. */
async function countTraces({ db }: Context, matching: MatchedTraces): Promise<number> {
  const { total } = await db.reports
    .selectFromQuery(matching.ids(LIMITS.tracesCounted))
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  return Number(total);
}
