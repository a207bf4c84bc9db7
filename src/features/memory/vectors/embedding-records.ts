import { toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import type { EmbeddingSpace } from "#features/memory/vectors/embedding-space.ts";
import type { EmbeddingResult } from "#models/embeddings/embedding-model.ts";
import type { PriceOf, SpanRecorder } from "#runtime/model-calls/index.ts";
import type { TracedRun, UsageRecord } from "#runtime/runs/index.ts";

/** For whom texts are embedded. The user is empty for the documents of several users. */
export interface EmbeddingCaller {
  readonly agentId: string;
  readonly userId: string;
  /** The run whose trace records the call. A call without a run has no span. */
  readonly run?: TracedRun | undefined;
}

/** Returns what a call used. Undefined if it failed or the provider does not say. */
export function toUsageRecord(
  priceOf: PriceOf,
  { provider, providerType, model }: EmbeddingSpace,
  { agentId, userId }: EmbeddingCaller,
  result: EmbeddingResult,
): UsageRecord | undefined {
  if (result.kind === "error" || result.usage.input === 0) return undefined;
  const usage = {
    input_tokens: result.usage.input,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  };
  return { agentId, userId, provider, model, usage, cost: priceOf({ provider, providerType, model }, usage) };
}

interface EndedCall {
  readonly space: EmbeddingSpace;
  readonly caller: EmbeddingCaller;
  readonly result: EmbeddingResult;
  readonly record: UsageRecord | undefined;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Records a call in the trace of its run. */
export function recordEmbedding(
  spans: SpanRecorder,
  tenantId: TenantId,
  { space: { provider, model }, caller: { run, agentId }, result, record, startedAt, endedAt }: EndedCall,
): void {
  if (!run) return;
  spans.record(tenantId, {
    trace_id: run.traceId,
    parent_span_id: run.id,
    run_id: run.id,
    agent_id: agentId,
    span_type: "embedding",
    name: `${provider}/${model}`,
    status: result.kind === "error" ? "error" : "completed",
    error: result.kind === "error" ? result.error.kind : null,
    model,
    provider,
    input_tokens: record?.usage.input_tokens ?? 0,
    output_tokens: 0,
    cost: record?.cost ?? 0,
    finish_reason: null,
    tool_name: null,
    tool_call_id: null,
    context: run.context,
    texts: undefined,
    metadata: {},
    started_at: toTimestamp(startedAt),
    ended_at: toTimestamp(endedAt),
    duration_ms: endedAt.getTime() - startedAt.getTime(),
  });
}
