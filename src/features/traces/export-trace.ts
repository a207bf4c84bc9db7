import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { toTimestamp } from "#base/clock.ts";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import type { Context } from "#core/context.ts";
import { BytesReply } from "#core/reply.ts";
import { getTrace } from "#features/traces/get-trace.ts";
import { visibleRuns } from "#features/traces/match-traces.ts";
import { readSpans } from "#features/traces/read-spans.ts";
import { readTraces } from "#features/traces/read-traces.ts";
import type { Span, Trace, TracePath } from "#features/traces/schema.ts";

const MAX_DEPTH = 10;
const MAX_TRACES = 1_000;

/** A trace with those of the agents that worked for it. */
interface ExportedTrace {
  readonly trace: Trace;
  readonly spans: readonly Span[];
  readonly sub_traces: readonly ExportedTrace[];
}

// Compresses in a thread of its own.
const compress = promisify(gzip);

/** Writes a trace with its spans and sub-traces as compressed JSON. */
export async function exportTrace(ctx: Context, path: TracePath): Promise<BytesReply> {
  const root = await getTrace(ctx, path);
  const levels = await readLevels(ctx, root);
  const traces = levels.flat();
  const spans = await readSpans(ctx, traces);
  const nest = (trace: Trace, depth: number): ExportedTrace => ({
    trace,
    spans: spans.get(trace.id) ?? [],
    sub_traces: (levels[depth + 1] ?? [])
      .filter(({ parent_trace_id }) => parent_trace_id === trace.id)
      .map((child) => nest(child, depth + 1)),
  });
  const exportedAt = toTimestamp(ctx.clock.now());
  const text = JSON.stringify({ exported_at: exportedAt, ...nest(root, 0) });
  const name = `trace-${root.id.slice(0, 8)}-${exportedAt.slice(0, 10).replaceAll("-", "")}.json.gz`;
  return new BytesReply(new Uint8Array(await compress(text)), UNKNOWN_TYPE, {
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

/** Reads the trace, then those below it, level by level. */
async function readLevels(ctx: Context, root: Trace): Promise<readonly (readonly Trace[])[]> {
  const levels: (readonly Trace[])[] = [[root]];
  for (let depth = 1; depth <= MAX_DEPTH; depth++) {
    const parents = (levels.at(-1) ?? []).map(({ run_id }) => run_id);
    if (parents.length === 0) break;
    const children = visibleRuns(ctx).where("runs.parent_run_id", "in", parents).orderBy("runs.id").limit(MAX_TRACES);
    levels.push(await readTraces(ctx, children));
  }
  return levels;
}
