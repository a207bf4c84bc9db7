import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { visibleRuns } from "#features/traces/match-traces.ts";
import { readSpans, toHex } from "#features/traces/read-spans.ts";
import { readTraces, toTraceId } from "#features/traces/read-traces.ts";
import type { Trace, TraceDetail, TracePath } from "#features/traces/schema.ts";

/** Returns a trace by its id, with dashes or without. Throws `NOT_FOUND` also for one of somebody else. */
export async function getTrace(ctx: Context, { id }: TracePath): Promise<Trace> {
  const [trace] = await readTraces(ctx, visibleRuns(ctx).where("runs.id", "=", toTraceId(toHex(id))));
  if (!trace) throw notFound("trace", id);
  return trace;
}

/** Returns a trace with its spans. */
export async function getTraceDetail(ctx: Context, path: TracePath): Promise<TraceDetail> {
  const trace = await getTrace(ctx, path);
  const spans = await readSpans(ctx, [trace]);
  return { trace, spans: [...(spans.get(trace.id) ?? [])] };
}
