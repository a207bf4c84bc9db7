import {
  type Attributes,
  createTraceState,
  type HrTime,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { TenantId } from "#base/ids.ts";
import { fromJson } from "#db/values.ts";
import type { ExportedCall, ExportedRun } from "#runtime/model-calls/index.ts";
import { parseTraceParent, spanIdOf, type TraceContext } from "#runtime/runs/index.ts";

// Names of https://opentelemetry.io/docs/specs/semconv/gen-ai/

/** A span as the gateway knows it. */
interface SpanFacts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly error: string | undefined;
  readonly attributes: Readonly<Record<string, Attributes[string]>>;
}

const SCOPE = { name: "goclaw" };

/** Makes a span that has ended, as exporters read it. */
export function toReadableSpan(resource: Resource, facts: SpanFacts): ReadableSpan {
  const [startTime, endTime] = [toHrTime(facts.startedAt), toHrTime(facts.endedAt)];
  const duration = Math.max(0, Date.parse(facts.endedAt) - Date.parse(facts.startedAt));
  return {
    name: facts.name,
    kind: facts.kind,
    spanContext: () => facts.context,
    ...(facts.parent && { parentSpanContext: facts.parent }),
    startTime,
    endTime,
    duration: fromMilliseconds(duration),
    status:
      facts.error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: facts.error },
    attributes: Object.fromEntries(Object.entries(facts.attributes).filter(([, value]) => value !== undefined)),
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const toHrTime = (timestamp: string): HrTime => fromMilliseconds(Date.parse(timestamp));
const fromMilliseconds = (value: number): HrTime => [Math.floor(value / 1_000), (value % 1_000) * 1_000_000];

const contextOf = ({ traceId, isSampled, state }: TraceContext, spanId: string): SpanContext => ({
  traceId,
  spanId,
  ...(state !== undefined && { traceState: createTraceState(state) }),
  traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
});

/** Describes the work of an agent on a run. */
export function ofRun(tenantId: TenantId, { run, context, status, error, endedAt }: ExportedRun): SpanFacts {
  const caller = parseTraceParent(run.trace_parent);
  return {
    name: `invoke_agent ${run.agent_key}`,
    // A run of a caller serves it, and one of another agent is part of the same work.
    kind: run.parent_run_id === null ? SpanKind.SERVER : SpanKind.INTERNAL,
    context: contextOf(context, context.spanId),
    parent: caller && { ...contextOf(context, caller.spanId), isRemote: true },
    startedAt: run.created_at,
    endedAt,
    error: status === "failed" ? (error ?? "failed") : undefined,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.id": run.agent_id,
      "gen_ai.agent.name": run.agent_key,
      "gen_ai.conversation.id": run.session_key,
      "error.type": status === "failed" ? (error ?? "failed") : undefined,
      "goclaw.run.id": run.id,
      "goclaw.run.status": status,
      "goclaw.channel": run.channel,
      "goclaw.tenant.id": tenantId,
    },
  };
}

/** Describes a call of a model or of a tool. */
export function ofCall(tenantId: TenantId, { span, context }: ExportedCall, hasContent: boolean): SpanFacts {
  const isModel = span.span_type === "llm_call";
  const error = span.status === "completed" ? undefined : (span.error ?? span.status);
  return {
    name: isModel ? `chat ${span.model}` : `execute_tool ${span.tool_name}`,
    kind: isModel ? SpanKind.CLIENT : SpanKind.INTERNAL,
    context: contextOf(context, spanIdOf(span.id)),
    parent: contextOf(context, context.spanId),
    startedAt: span.started_at,
    endedAt: span.ended_at,
    error,
    attributes: {
      ...(isModel ? ofModel(span) : ofTool(span)),
      "gen_ai.agent.id": span.agent_id,
      // The kind of a failure comes before the provider's own words.
      "error.type": error?.split(":")[0],
      "goclaw.run.id": span.run_id,
      "goclaw.tenant.id": tenantId,
      ...(hasContent && {
        [isModel ? "gen_ai.input.messages" : "gen_ai.tool.call.arguments"]: span.input_preview,
        [isModel ? "gen_ai.output.messages" : "gen_ai.tool.call.result"]: span.output_preview,
      }),
    },
  };
}

interface ModelMetadata {
  readonly cache_read_tokens?: number;
  readonly cache_creation_tokens?: number;
  readonly model_params?: Readonly<Record<string, string | number | readonly string[]>>;
}

function ofModel(span: ExportedCall["span"]): SpanFacts["attributes"] {
  const { cache_read_tokens, cache_creation_tokens, model_params = {} } = fromJson<ModelMetadata>(span.metadata);
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": span.provider ?? undefined,
    "gen_ai.request.model": span.model ?? undefined,
    "gen_ai.request.temperature": toNumber(model_params.temperature),
    "gen_ai.request.top_p": toNumber(model_params.topP),
    "gen_ai.request.max_tokens": toNumber(model_params.maxOutputTokens),
    "gen_ai.request.seed": toNumber(model_params.seed),
    "gen_ai.usage.input_tokens": Number(span.input_tokens),
    "gen_ai.usage.output_tokens": Number(span.output_tokens),
    "gen_ai.usage.cache_read.input_tokens": cache_read_tokens,
    "gen_ai.usage.cache_creation.input_tokens": cache_creation_tokens,
    "gen_ai.response.finish_reasons": span.finish_reason === null ? undefined : [span.finish_reason],
    "goclaw.cost.usd": span.cost,
  };
}

const toNumber = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const ofTool = (span: ExportedCall["span"]): SpanFacts["attributes"] => ({
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": span.tool_name ?? undefined,
  "gen_ai.tool.type": "function",
  "gen_ai.tool.call.id": span.tool_call_id ?? undefined,
});
