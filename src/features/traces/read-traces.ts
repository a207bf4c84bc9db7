import { sql } from "kysely";
import type { Context } from "#core/context.ts";
import { toErrorShape } from "#core/error-shape.ts";
import type { Select } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { Trace } from "#features/traces/schema.ts";
import { tracePreviewer } from "#features/traces/trace-previewer.ts";
import { PREVIEW_MARGIN } from "#runtime/model-calls/index.ts";
import { type RunError, toAppError, type Usage } from "#runtime/runs/index.ts";

/** Reads the traces of runs that a query finds, in its order. */
export async function readTraces(ctx: Context, runs: Select<"runs">): Promise<readonly Trace[]> {
  const rows = await selectRuns(runs, ctx.use(tracePreviewer).chars).execute();
  const spans = await countSpans(
    ctx,
    rows.map(({ trace_id }) => trace_id),
  );
  return rows.map((row) => toTrace(ctx, row, spans.get(row.trace_id) ?? NO_SPANS));
}

/** The columns of a run that its trace needs. Of the output, which may be long, the two ends. */
const selectRuns = (runs: Select<"runs">, chars: number) => {
  const end = sql.lit(chars + PREVIEW_MARGIN);
  return runs
    .leftJoin("runs as parents", "parents.id", "runs.parent_run_id")
    .select([
      "runs.id",
      "runs.agent_id",
      "runs.agent_key",
      "runs.user_id",
      "runs.session_key",
      "runs.kind",
      "runs.status",
      "runs.channel",
      "runs.attempt",
      "runs.input_preview",
      "runs.error",
      "runs.cancel_reason",
      "runs.usage",
      "runs.cost",
      "runs.trace_id",
      "runs.tool_calls",
      "runs.duration_ms",
      "runs.created_at",
      "runs.ended_at",
      "parents.trace_id as parent_trace_id",
    ])
    .select([
      sql<string | null>`case when length(runs.output) <= 2 * ${end} then runs.output
        else substr(runs.output, 1, ${end}) || substr(runs.output, length(runs.output) - ${end} + 1) end`.as("output"),
    ]);
};

type TracedRow = Awaited<ReturnType<ReturnType<typeof selectRuns>["execute"]>>[number];

interface SpanCounts {
  readonly spans: number;
  readonly calls: number;
  readonly tools: number;
  readonly input: number;
  readonly output: number;
  readonly cost: number;
}

const NO_SPANS: SpanCounts = { spans: 0, calls: 0, tools: 0, input: 0, output: 0, cost: 0 };

/** Counts the spans of some traces. Tokens and costs are those of model calls alone. */
async function countSpans(ctx: Context, traceIds: readonly string[]): Promise<ReadonlyMap<string, SpanCounts>> {
  if (traceIds.length === 0) return new Map();
  const ofCalls = (column: string) =>
    sql<number>`sum(case when span_type = 'llm_call' then ${sql.ref(column)} else 0 end)`;
  const rows = await ctx.db.reports
    .selectFrom("spans")
    .select([
      "trace_id",
      sql<number>`count(*)`.as("spans"),
      sql<number>`sum(case when span_type = 'llm_call' then 1 else 0 end)`.as("calls"),
      sql<number>`sum(case when span_type = 'tool_call' then 1 else 0 end)`.as("tools"),
      ofCalls("input_tokens").as("input"),
      ofCalls("output_tokens").as("output"),
      ofCalls("cost").as("cost"),
    ])
    .where("trace_id", "in", traceIds)
    .groupBy("trace_id")
    .execute();
  return new Map(
    rows.map(({ trace_id, spans, calls, tools, input, output, cost }) => [
      trace_id,
      {
        ...{ spans: Number(spans), calls: Number(calls), tools: Number(tools) },
        ...{ input: Number(input), output: Number(output), cost: Number(cost) },
      },
    ]),
  );
}

/** A run keeps its own sums once it has ended. Before, its spans are what is known. */
function toTrace(ctx: Context, row: TracedRow, spans: SpanCounts): Trace {
  const { preview } = ctx.use(tracePreviewer);
  const usage = fromJson<Usage>(row.usage);
  const isOpen = row.ended_at === null;
  const error = errorOf(ctx, row);
  return {
    id: row.id,
    ...(row.parent_trace_id !== null && { parent_trace_id: toTraceId(row.parent_trace_id) }),
    agent_id: row.agent_id,
    ...(row.user_id !== "" && { user_id: row.user_id }),
    session_key: row.session_key,
    run_id: row.id,
    start_time: row.created_at,
    ...(row.ended_at !== null && { end_time: row.ended_at }),
    ...(row.duration_ms !== null && { duration_ms: Number(row.duration_ms) }),
    name: `${NAMED_KINDS.has(row.kind) ? row.kind : "chat"} ${row.agent_key}`,
    ...(row.channel !== "" && { channel: row.channel }),
    ...(row.input_preview !== "" && { input_preview: preview(row.input_preview) }),
    ...(row.output && { output_preview: preview(row.output) }),
    total_input_tokens: isOpen ? spans.input : usage.input_tokens,
    total_output_tokens: isOpen ? spans.output : usage.output_tokens,
    total_cost: toExactDollars(isOpen ? spans.cost : row.cost),
    // The work of the agent itself is a span too.
    span_count: spans.spans + 1,
    llm_call_count: spans.calls,
    tool_call_count: isOpen ? spans.tools : row.tool_calls,
    status: STATUSES[row.status] ?? "running",
    ...(error !== undefined && { error }),
    metadata: {
      total_cache_read_tokens: usage.cache_read_tokens ?? 0,
      total_cache_creation_tokens: usage.cache_write_tokens ?? 0,
      ...(row.attempt > 1 && { attempts: row.attempt }),
    },
    created_at: row.created_at,
  };
}

const NAMED_KINDS = new Set(["delegate", "announce"]);

const STATUSES: Readonly<Record<string, Trace["status"]>> = {
  completed: "completed",
  failed: "error",
  cancelled: "cancelled",
};

function errorOf(ctx: Context, { status, error, cancel_reason }: TracedRow): string | undefined {
  if (error !== null) {
    return toErrorShape(toAppError(fromJson<RunError>(error), ctx), ctx.locale, ctx.requestId).message;
  }
  return status === "cancelled" ? (cancel_reason ?? undefined) : undefined;
}

/** Removes what adding up decimal fractions leaves behind the ninth digit. */
export const toExactDollars = (dollars: number): number => Math.round(dollars * NANOS_PER_DOLLAR) / NANOS_PER_DOLLAR;
const NANOS_PER_DOLLAR = 1_000_000_000;

/** Returns the id of a trace as this API writes ids. */
export const toTraceId = (hex: string): string =>
  hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : hex;
