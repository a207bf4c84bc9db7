import { toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import type { Metrics } from "#base/metrics.ts";
import type { SpanRecorder } from "#runtime/model-calls/span-recorder.ts";
import type { TraceContext } from "#runtime/runs/index.ts";

/** A tool call after its end. */
export interface FinishedToolCall {
  readonly tenantId: TenantId;
  readonly traceId: string;
  /** Empty for a call outside a run. */
  readonly runId: string;
  readonly agentId: string;
  /** The name in the call. It may be any text. */
  readonly name: string;
  /** The name of the tool that ran, or undefined if there was none. */
  readonly toolName: string | undefined;
  readonly callId: string;
  readonly status: "completed" | "error" | "abandoned";
  /** The trace that the run belongs to. Undefined for a call outside a run. */
  readonly context: TraceContext | undefined;
  /** What was given and what came back. Undefined if no text of the run may be kept. */
  readonly texts: { readonly input: string; readonly output: string } | undefined;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

const NAME_CHARS = 100;

/** Records a tool call in the metrics and in its trace. */
export function recordToolCall(
  { metrics, spans }: { readonly metrics: Metrics; readonly spans: SpanRecorder },
  { tenantId, startedAt, endedAt, status, ...call }: FinishedToolCall,
): void {
  metrics.toolCalls.inc({ tool: call.toolName ?? "unknown", outcome: status });
  const name = call.name.slice(0, NAME_CHARS);
  spans.record(tenantId, {
    trace_id: call.traceId,
    parent_span_id: call.runId === "" ? null : call.runId,
    run_id: call.runId,
    agent_id: call.agentId,
    span_type: "tool_call",
    name,
    status,
    error: null,
    model: null,
    provider: null,
    input_tokens: 0,
    output_tokens: 0,
    cost: 0,
    finish_reason: null,
    tool_name: name,
    tool_call_id: call.callId,
    context: call.context,
    texts: call.texts,
    metadata: {},
    started_at: toTimestamp(startedAt),
    ended_at: toTimestamp(endedAt),
    duration_ms: endedAt.getTime() - startedAt.getTime(),
  });
}
