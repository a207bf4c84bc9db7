import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { SpansTable } from "#db/record-tables.ts";
import { fromJson } from "#db/values.ts";
import { toExactDollars } from "#features/traces/read-traces.ts";
import type { Span, Trace } from "#features/traces/schema.ts";

/** Returns the spans of traces by the traces' ids: the agent's own work, its calls, and the agents that worked for it. */
export async function readSpans(ctx: Context, traces: readonly Trace[]): Promise<ReadonlyMap<string, readonly Span[]>> {
  const hexIds = traces.map(({ id }) => toHex(id));
  if (hexIds.length === 0) return new Map();
  const [rows, children] = await Promise.all([
    ctx.db.reports
      .selectFrom("spans")
      .selectAll()
      .where("trace_id", "in", hexIds)
      .orderBy("started_at")
      .orderBy("id")
      .limit(LIMITS.traceSpans)
      .execute(),
    readChildren(ctx, traces),
  ]);
  const ofTrace = Map.groupBy(rows, ({ trace_id }) => trace_id);
  return new Map(
    traces.map((trace) => {
      const calls = numberCalls(ofTrace.get(toHex(trace.id)) ?? []).map((row) => toSpan(trace, row));
      const aides = (children.get(trace.id) ?? []).map((row) => toAideSpan(ctx, trace, row));
      const spans = [...calls.map((span) => ({ ...span, tenant_id: ctx.tenantId })), ...aides];
      return [trace.id, [toRootSpan(ctx, trace), ...spans.toSorted((a, b) => (a.start_time < b.start_time ? -1 : 1))]];
    }),
  );
}

/** Returns the id of a trace as spans hold it. */
export const toHex = (id: string): string => id.replaceAll("-", "").toLowerCase();

/** The runs that agents started for these traces. */
async function readChildren(ctx: Context, traces: readonly Trace[]) {
  const rows = await ctx.db.reports
    .selectFrom("runs")
    .select(["id", "parent_run_id", "agent_id", "agent_key", "kind", "status", "created_at", "ended_at", "duration_ms"])
    .where(
      "parent_run_id",
      "in",
      traces.map(({ run_id }) => run_id),
    )
    .limit(LIMITS.traceSpans)
    .execute();
  return Map.groupBy(rows, ({ parent_run_id }) => parent_run_id);
}

type ChildRow = NonNullable<ReturnType<Awaited<ReturnType<typeof readChildren>>["get"]>>[number];

/** Numbers the model calls of a trace, so that repeated calls differ in their names. */
function numberCalls(rows: readonly SpansTable[]): readonly SpansTable[] {
  let number = 0;
  return rows.map((row) => (row.span_type === "llm_call" ? { ...row, name: `${row.name} #${++number}` } : row));
}

function toSpan(trace: Trace, row: SpansTable): Omit<Span, "tenant_id"> {
  const { model_params = {}, ...metadata } = fromJson<
    Record<string, unknown> & { model_params?: Record<string, unknown> }
  >(row.metadata);
  const isCall = row.span_type === "llm_call";
  return {
    id: row.id,
    trace_id: trace.id,
    parent_span_id: row.parent_span_id ?? trace.id,
    agent_id: row.agent_id,
    // Safe: only these kinds are recorded.
    span_type: row.span_type as Span["span_type"],
    name: row.name,
    start_time: row.started_at,
    end_time: row.ended_at,
    duration_ms: row.duration_ms,
    status: row.status === "completed" ? "completed" : "error",
    ...(row.error !== null && { error: row.error }),
    ...(row.status === "abandoned" && row.error === null && { error: "abandoned" }),
    level: "DEFAULT",
    ...(row.model !== null && { model: row.model }),
    ...(row.provider !== null && { provider: row.provider }),
    ...(isCall && { input_tokens: Number(row.input_tokens), output_tokens: Number(row.output_tokens) }),
    ...(isCall && { total_cost: toExactDollars(row.cost) }),
    ...(row.finish_reason !== null && { finish_reason: row.finish_reason }),
    model_params,
    ...(row.tool_name !== null && { tool_name: row.tool_name }),
    ...(row.tool_call_id !== null && { tool_call_id: row.tool_call_id }),
    ...(row.input_preview !== "" && { input_preview: row.input_preview }),
    ...(row.output_preview !== "" && { output_preview: row.output_preview }),
    metadata,
    created_at: row.started_at,
  };
}

const NO_DETAILS = { level: "DEFAULT", model_params: {} } as const;

const isFailed = (status: string) => status === "error" || status === "failed" || status === "cancelled";

const statusOf = (status: string, ended: string | null | undefined): Span["status"] =>
  ended === null || ended === undefined ? "running" : isFailed(status) ? "error" : "completed";

/** The work of the agent itself, under which its calls stand. It is as long as its run. */
const toRootSpan = (ctx: Context, trace: Trace): Span => ({
  ...NO_DETAILS,
  id: trace.run_id,
  trace_id: trace.id,
  agent_id: trace.agent_id,
  span_type: "agent",
  name: trace.name.slice(trace.name.indexOf(" ") + 1),
  start_time: trace.start_time,
  ...(trace.end_time !== undefined && { end_time: trace.end_time }),
  ...(trace.duration_ms !== undefined && { duration_ms: trace.duration_ms }),
  status: statusOf(trace.status, trace.end_time),
  ...(trace.error !== undefined && { error: trace.error }),
  ...(trace.input_preview !== undefined && { input_preview: trace.input_preview }),
  ...(trace.output_preview !== undefined && { output_preview: trace.output_preview }),
  metadata: {},
  tenant_id: ctx.tenantId,
  created_at: trace.start_time,
});

/** The work of another agent on a task of this run. Its own trace has the details. */
const toAideSpan = (ctx: Context, trace: Trace, row: ChildRow): Span => ({
  ...NO_DETAILS,
  id: row.id,
  trace_id: trace.id,
  parent_span_id: trace.run_id,
  agent_id: row.agent_id,
  span_type: "agent",
  name: `${row.kind}:${row.agent_key}`,
  start_time: row.created_at,
  ...(row.ended_at !== null && { end_time: row.ended_at }),
  ...(row.duration_ms !== null && { duration_ms: Number(row.duration_ms) }),
  status: statusOf(row.status, row.ended_at),
  metadata: { linked_trace_id: row.id },
  tenant_id: ctx.tenantId,
  created_at: row.created_at,
});
