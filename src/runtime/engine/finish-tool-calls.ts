import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { RunDependencies } from "#runtime/engine/run-dependencies.ts";
import type { RunStop } from "#runtime/live/index.ts";
import type { Journal, RunRow } from "#runtime/runs/index.ts";
import {
  BROKEN_ARGUMENTS,
  createToolEnvironment,
  hasReadableArguments,
  type RunTools,
  runTool,
  type Tool,
  type ToolNames,
  type ToolText,
} from "#runtime/tools/index.ts";
import {
  INTERRUPTED_RESULT,
  standInResult,
  type ToolCallRecord,
  type ToolEffect,
  type ToolResultPart,
} from "#runtime/transcript/index.ts";

export interface CallContext {
  readonly dependencies: RunDependencies;
  /** The tools that the run may call. */
  readonly tools: RunTools;
  readonly names: ToolNames;
  /** The number of calls that the run may still make. */
  readonly allowed: number;
  readonly run: RunRow;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Aborts the signal if the run has lost the right to go on. */
  readonly checkRights: () => Promise<void>;
}

/**
 * Runs the calls of a turn that belong to the gateway's tools. Returns their results in the order of the calls. Calls
 * run concurrently if all calls of the turn only read. A call that was running when its process died runs again, unless
 * its effect is `once`. Stops between calls when the signal aborts.
 */
export async function finishToolCalls(
  calls: readonly ToolCallRecord[],
  context: CallContext,
): Promise<readonly ToolResultPart[]> {
  const gatewayCalls = calls.filter(({ state }) => state !== "client");
  const concurrency = gatewayCalls.every(({ effect }) => effect === "read") ? LIMITS.parallelReadTools : 1;
  const results = new Map<string, ToolResultPart>();
  const remaining = [...gatewayCalls];

  const work = async () => {
    for (let call = remaining.shift(); call && !context.signal.aborted; call = remaining.shift()) {
      const isAllowed = gatewayCalls.indexOf(call) < context.allowed;
      const result = call.result ?? (await (isAllowed ? finishCall(call, context) : refuseCall(call, context)));
      if (result) results.set(call.id, result);
    }
  };
  const working = Array.from({ length: Math.min(concurrency, gatewayCalls.length) }, work);
  // Even if one of them fails, the others end and store their results before the run continues elsewhere.
  await Promise.allSettled(working);
  await Promise.all(working);
  return gatewayCalls.flatMap(({ id }) => results.get(id) ?? []);
}

const NO_MORE_CALLS = "[not executed: this run may make no more tool calls]";

async function refuseCall(call: ToolCallRecord, { journal }: CallContext): Promise<ToolResultPart> {
  const result = standInResult(call, NO_MORE_CALLS);
  await journal.storeResult("done", result);
  return result;
}

async function finishCall(call: ToolCallRecord, context: CallContext): Promise<ToolResultPart | undefined> {
  const { journal, signal, checkRights } = context;
  const { failpoints } = context.dependencies;
  await checkRights();
  if (signal.aborted) return undefined;
  if (call.state === "running" && call.effect === "once") {
    const result = standInResult(call, INTERRUPTED_RESULT);
    await journal.storeResult("unknown", result);
    return result;
  }
  await journal.startCall(call.id);
  failpoints.pass("call.started");
  const outcome = await runMeasured(call, context);
  failpoints.pass("call.executed");
  // The stored state stays "running": the run's next owner repeats the call, or reports its outcome as unknown.
  if (outcome === "abandoned" || (outcome.isError && isDrained(signal))) return undefined;
  const { text, isError } = outcome;
  const result: ToolResultPart = { type: "tool_result", call_id: call.id, name: call.name, text, is_error: isError };
  await journal.storeResult("done", result);
  failpoints.pass("call.stored");
  return result;
}

const isDrained = ({ aborted, reason }: AbortSignal) => aborted && (reason as RunStop).kind === "drained";

/** Runs a call through the gate, and records it in metrics and in the run's trace. */
async function runMeasured(call: ToolCallRecord, context: CallContext): Promise<ToolText | "abandoned"> {
  const { dependencies, tools, run } = context;
  const { db, clock, metrics, spans } = dependencies;
  const tool = tools.find(call.name);
  const startedAt = clock.now();
  const outcome = await runGated(call, tool, context);
  const endedAt = clock.now();
  const status = outcome === "abandoned" ? "abandoned" : outcome.isError ? "error" : "completed";
  metrics.toolCalls.inc({ tool: tool?.name ?? "unknown", outcome: status });
  spans.record(db.tenantId, {
    trace_id: run.trace_id,
    parent_span_id: null,
    run_id: run.id,
    agent_id: run.agent_id,
    span_type: "tool_call",
    name: call.name.slice(0, 100),
    status,
    error: null,
    model: null,
    provider: null,
    input_tokens: 0,
    output_tokens: 0,
    cost: 0,
    finish_reason: null,
    tool_name: call.name.slice(0, 100),
    tool_call_id: call.id,
    started_at: toTimestamp(startedAt),
    ended_at: toTimestamp(endedAt),
    duration_ms: endedAt.getTime() - startedAt.getTime(),
  });
  return outcome;
}

async function runGated(
  call: ToolCallRecord,
  tool: Tool | undefined,
  { dependencies, names, run, signal }: CallContext,
): Promise<ToolText | "abandoned"> {
  const { db, toolGuard, logger, faults } = dependencies;
  const { gate, scrubber } = toolGuard;
  const { name } = call;
  if (!tool && !hasReadableArguments(call.arguments)) return { text: BROKEN_ARGUMENTS, isError: true };
  const similarNames = tool ? [] : names.similarTo(name);
  const decision = gate.decide({ name, tool, similarNames, tenantId: db.tenantId, sessionId: run.session_id });
  if (decision.kind === "refuse") return { text: decision.reason, isError: true };
  const { tool: allowed } = decision;
  if (EFFECTS.indexOf(allowed.effectOf(call.arguments)) > EFFECTS.indexOf(call.effect)) {
    return { text: `The tool ${allowed.name} has changed since this call. Call it again.`, isError: true };
  }
  const environment = await faults.run(() => createToolEnvironment(allowed.name, dependencies, db, run));
  const running = runTool(allowed, call.arguments, environment, { scrubber, signal, logger });
  return Promise.race([running, abandonAfterAbort(signal)]);
}

/**
 * From harmless to harmful to repeat. A call runs only if its stored effect is that of its tool or a worse one, because
 * what happens after a crash follows from the stored one.
 */
const EFFECTS: readonly ToolEffect[] = ["read", "idempotent", "once"];

/** Resolves some time after an abort, so a tool that ignores its signal is abandoned. Its outcome is then unknown. */
async function abandonAfterAbort(signal: AbortSignal): Promise<"abandoned"> {
  const { promise, resolve } = Promise.withResolvers<"abandoned">();
  const begin = () => setTimeout(() => resolve("abandoned"), LIMITS.toolGrace).unref();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return promise;
}
