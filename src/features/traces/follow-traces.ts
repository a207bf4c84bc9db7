import type { z } from "zod";
import { HOUR, toTimestamp } from "#base/clock.ts";
import { idBound } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { matchRuns } from "#features/traces/match-traces.ts";
import { readSpans } from "#features/traces/read-spans.ts";
import { readTraces } from "#features/traces/read-traces.ts";
import type { FollowedTraces, FollowTracesInput } from "#features/traces/schema.ts";

/** A run that ended since a time began at most this long before. Longer ones are seen while they run. */
const LONGEST_RUN_MS = 24 * HOUR;

/** Returns the traces of a session or an agent that run now, and those that began or ended since a time. */
export async function followTraces(
  ctx: Context,
  { since, include_spans, limit, ...filters }: FollowTracesInput,
): Promise<z.input<typeof FollowedTraces>> {
  const now = toTimestamp(ctx.clock.now());
  const matching = await matchRuns(ctx, ctx.db.reports.selectFrom("runs"), filters);
  const changed = matching?.$if(since !== undefined, (query) => {
    const begin = new Date(since ?? "");
    return query.where(({ or, and, eb }) =>
      or([
        eb("runs.ended_at", "is", null),
        and([
          eb("runs.id", ">", idBound(new Date(Math.max(0, begin.getTime() - LONGEST_RUN_MS)))),
          or([eb("runs.created_at", ">=", toTimestamp(begin)), eb("runs.ended_at", ">=", toTimestamp(begin))]),
        ]),
      ]),
    );
  });
  const traces = changed ? await readTraces(ctx, changed.orderBy("runs.id", "desc").limit(limit)) : [];
  const spans = include_spans ? await readSpans(ctx, traces) : new Map();
  return {
    traces: [...traces],
    spans_by_trace_id: Object.fromEntries(spans),
    server_time: now,
    next_since: now,
    limit,
  };
}
