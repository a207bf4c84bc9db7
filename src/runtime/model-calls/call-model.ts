import { toTimestamp } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";
import type { Metrics } from "#base/metrics.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ModelError, ModelRequest, ModelUsage } from "#models/language-model.ts";
import {
  type Answering,
  type CallDependencies,
  type CallReport,
  type Candidate,
  callWithFailover,
} from "#models/resilience/call-with-failover.ts";
import { type PriceOf, toUsage } from "#runtime/model-calls/create-price-of.ts";
import type { ModelSource, OpenModel } from "#runtime/model-calls/model-source.ts";
import { describeCall, describeMessages } from "#runtime/model-calls/previews/describe-messages.ts";
import type { SpanRecorder } from "#runtime/model-calls/span-recorder.ts";
import { type ModelTurn, streamTurn, type TurnListener } from "#runtime/model-calls/stream-turn.ts";
import {
  type AnsweredBy,
  type RunnableAgent,
  type TracedRun,
  toTraceHeaders,
  type UsageRecord,
} from "#runtime/runs/index.ts";

/** The services for model calls of every tenant. */
export interface ModelCallServices {
  readonly models: ModelSource;
  readonly metrics: Metrics;
  readonly spans: SpanRecorder;
  readonly priceOf: PriceOf;
  /** Retries, timeouts and provider health. */
  readonly calls: CallDependencies;
  readonly logger: Logger;
}

/** Lets features read and reset the health of providers. */
export const modelCallServices = defineService<ModelCallServices>("model-call-services");

/** The tenant, agent and user for whom a model is called. */
export interface ModelCaller {
  readonly db: TenantDatabase;
  readonly agent: RunnableAgent;
  readonly userId: string;
  /** The run whose trace records the calls. A call without a run has no span. */
  readonly run?: TracedRun | undefined;
}

/** A model call with its usage and the model that answered. */
export interface CalledTurn extends ModelTurn {
  /** Undefined if no model began an answer. */
  readonly answeredBy: AnsweredBy | undefined;
  readonly counted: UsageRecord | undefined;
  /** The usage of calls that failed before this one was made. */
  readonly wasted: readonly UsageRecord[];
  readonly model: string;
  /** The provider's own words about the failure that ended the call, cleaned. */
  readonly providerMessage?: string | undefined;
  /** The names in the provider's error, cleaned. */
  readonly providerNames?: string | undefined;
}

/** Receives an answer while it arrives. */
export interface CallListener extends TurnListener {
  /** Called before the first part of an answer. */
  answering?(by: AnsweredBy): void;
}

/**
 * Calls the agent's model and streams its answer to a listener. Retries, or falls back to other models, as
 * `callWithFailover` decides. Every call is measured. The usage of each is returned for the caller to store. Rejects if
 * no provider can be used at all.
 */
export async function callModel(
  services: ModelCallServices,
  caller: ModelCaller,
  given: ModelRequest,
  listener: CallListener,
  signal: AbortSignal,
): Promise<CalledTurn> {
  const request = withTraceHeaders(services, caller, given);
  const { agent } = caller;
  let answeredBy: AnsweredBy | undefined;
  const calls: FinishedCall[] = [];
  let pending: { readonly report: CallReport<OpenModel>; readonly call: FinishedCall } | undefined;
  const reportPending = (output: string) => {
    if (pending) reportCall(services, caller, pending.report, pending.call, { request, output });
    pending = undefined;
  };
  const onCall = (report: CallReport<OpenModel>) => {
    const { target, opened, last } = report;
    const record = toRecord(services, caller, report);
    const error = last.type === "error" ? last.error : undefined;
    const said = error?.words?.show(opened.secrets);
    const call = { model: target.model, record, error, said, names: error?.words?.showNames(opened.secrets) };
    calls.push(call);
    reportPending("");
    pending = { report, call };
  };
  const options = {
    candidates: candidatesOf(services, caller),
    skipsCoolingDown: agent.fallback.skipsCoolingDown,
    onCall,
    onAnswer({ target: { provider, model }, withoutTools }: Answering) {
      answeredBy = { provider, model, ...(withoutTools && { withoutTools }) };
      listener.answering?.(answeredBy);
    },
  };
  const turn = await streamTurn(callWithFailover(request, signal, options, services.calls), listener).catch(
    (thrown) => {
      reportPending("");
      throw thrown;
    },
  );
  reportPending([turn.text, ...turn.calls.map(describeCall)].filter((text) => text !== "").join("\n"));
  const last = calls.pop();
  // The last failure may be one without a call, such as that of an open circuit.
  const hasWords = turn.end.kind === "error" && turn.end.error === last?.error;
  return {
    ...turn,
    answeredBy,
    counted: last?.record,
    wasted: calls.flatMap(({ record }) => record ?? []),
    model: last?.model ?? agent.model,
    ...(hasWords && { providerMessage: last?.said, providerNames: last?.names }),
  };
}

/** Lets the provider continue the trace, if somebody reads it. */
const withTraceHeaders = ({ spans }: ModelCallServices, { run }: ModelCaller, request: ModelRequest): ModelRequest =>
  run && (run.isPassedOn || spans.isExporting) ? { ...request, traceHeaders: toTraceHeaders(run.context) } : request;

interface FinishedCall {
  readonly model: string;
  readonly record: UsageRecord | undefined;
  readonly error: ModelError | undefined;
  /** The provider's own words about the failure. */
  readonly said: string | undefined;
  /** The names in the provider's error. */
  readonly names: string | undefined;
}

function toRecord(
  { priceOf }: ModelCallServices,
  { agent, userId }: ModelCaller,
  { target: { provider, model }, opened, last }: CallReport<OpenModel>,
): UsageRecord | undefined {
  if (!last.usage) return undefined;
  const usage = toUsage(last.usage);
  const cost = priceOf({ provider, model, providerType: opened.providerType }, usage);
  return { agentId: agent.id, userId, provider, model, usage, cost };
}

/** Returns the candidates: the agent's own model, then its fallbacks. */
function candidatesOf({ models }: ModelCallServices, { db, agent }: ModelCaller): readonly Candidate<OpenModel>[] {
  return [{ provider: agent.provider, model: agent.model }, ...agent.fallback.candidates].map(
    ({ provider, model }) => ({
      target: { tenantId: db.tenantId, provider, model },
      open: () => models.open(db, provider),
    }),
  );
}

/** Records a call in metrics, in the log if it failed, and in the run's trace if it has a run. */
function reportCall(
  services: ModelCallServices,
  { db, agent, run }: ModelCaller,
  { target: { provider, model }, opened, startedAt, firstAt, endedAt, last, keyNumber }: CallReport<OpenModel>,
  { record, said, names }: FinishedCall,
  { request, output }: { readonly request: ModelRequest; readonly output: string },
): void {
  const { metrics, spans } = services;
  const { usage } = last;
  const failure = last.type === "error" ? last.error : undefined;
  metrics.modelCalls.inc({ provider_type: opened.providerType, outcome: failure?.kind ?? "ok" });
  metrics.modelTokens.inc({ direction: "input" }, usage?.input ?? 0);
  metrics.modelTokens.inc({ direction: "output" }, usage?.output ?? 0);
  if (failure && failure.kind !== "aborted") {
    const { kind, status, message } = failure;
    const words = { providerNames: names, providerMessage: said };
    services.logger.warn({ provider, model, keyNumber, kind, status, ...words }, message);
  }
  if (!run) return;
  spans.record(db.tenantId, {
    trace_id: run.traceId,
    parent_span_id: run.id,
    run_id: run.id,
    agent_id: agent.id,
    span_type: "llm_call",
    name: `${provider}/${model}`,
    status: failure ? "error" : "completed",
    error: failure ? [failure.kind, ...(said === undefined ? [] : [said])].join(": ") : null,
    model,
    provider,
    input_tokens: usage?.input ?? 0,
    output_tokens: usage?.output ?? 0,
    cost: record?.cost ?? 0,
    finish_reason: last.type === "finish" ? last.finish : null,
    tool_name: null,
    tool_call_id: null,
    context: run.context,
    texts: run.keepsText ? { input: describeMessages(request.messages, spans.textChars), output } : undefined,
    metadata: {
      ...(firstAt && { first_token_ms: firstAt.getTime() - startedAt.getTime() }),
      ...toMetadata(request, usage, keyNumber),
    },
    started_at: toTimestamp(startedAt),
    ended_at: toTimestamp(endedAt),
    duration_ms: endedAt.getTime() - startedAt.getTime(),
  });
}

/** What the span of a model call has beside its columns. Counts of zero are left out. */
const toMetadata = (
  { settings }: ModelRequest,
  usage: ModelUsage | undefined,
  keyNumber: number | undefined,
): Readonly<Record<string, unknown>> => ({
  ...(usage?.cacheWrite && { cache_creation_tokens: usage.cacheWrite }),
  ...(usage?.cacheRead && { cache_read_tokens: usage.cacheRead }),
  ...(usage?.reasoning && { thinking_tokens: usage.reasoning }),
  ...(keyNumber !== undefined && { key_number: keyNumber }),
  model_params: settings,
});
