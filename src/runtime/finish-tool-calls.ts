import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { INTERRUPTED_RESULT, standInResult } from "#runtime/append-messages.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import type { Journal } from "#runtime/journal.ts";
import type { RunStop } from "#runtime/live-run.ts";
import type { ToolResultPart } from "#runtime/message-parts.ts";
import type { RunDependencies } from "#runtime/run-dependencies.ts";
import type { ToolCallRecord } from "#runtime/tool-call-store.ts";
import { createToolEnvironment } from "#runtime/tools/create-tool-environment.ts";
import { runTool } from "#runtime/tools/run-tool.ts";
import type { RunTools } from "#runtime/tools/run-tools.ts";
import type { Tool, ToolOutcome } from "#runtime/tools/tool.ts";

export interface CallRun {
  readonly dependencies: RunDependencies;
  /** What the run's calls may reach. */
  readonly tools: RunTools;
  /** How many of the calls the run may still make. */
  readonly allowed: number;
  readonly run: RunRow;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

/**
 * Gives every call of a turn that is ours its result, in the calls' order. Calls that only read run side by side when
 * the whole turn only reads. A call that was under way when its process died runs again only if that does no harm.
 * Stops between calls when the signal aborts.
 */
export async function finishToolCalls(
  calls: readonly ToolCallRecord[],
  context: CallRun,
): Promise<readonly ToolResultPart[]> {
  const own = calls.filter(({ state }) => state !== "client");
  const width = own.every(({ effect }) => effect === "read") ? LIMITS.parallelReadTools : 1;
  const results = new Map<string, ToolResultPart>();
  const waiting = [...own];

  const work = async () => {
    for (let call = waiting.shift(); call && !context.signal.aborted; call = waiting.shift()) {
      const isAllowed = own.indexOf(call) < context.allowed;
      const result = call.result ?? (await (isAllowed ? finishCall(call, context) : refuseCall(call, context)));
      if (result) results.set(call.id, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, own.length) }, work));
  return own.flatMap(({ id }) => results.get(id) ?? []);
}

const NO_MORE_CALLS = "[not executed: this run may make no more tool calls]";

async function refuseCall(call: ToolCallRecord, { journal }: CallRun): Promise<ToolResultPart> {
  const result = standInResult(call, NO_MORE_CALLS);
  await journal.storeResult("done", result);
  return result;
}

async function finishCall(
  call: ToolCallRecord,
  { dependencies, tools, run, journal, signal }: CallRun,
): Promise<ToolResultPart | undefined> {
  const { failpoints } = dependencies;
  if (call.state === "running" && call.effect === "once") {
    const result = standInResult(call, INTERRUPTED_RESULT);
    await journal.storeResult("unknown", result);
    return result;
  }
  await journal.startCall(call.id);
  failpoints.pass("call.started");
  const outcome = await execute(call, tools.find(call.name), dependencies, run, signal);
  failpoints.pass("call.executed");
  // Left as it is in the journal: the next owner repeats it or says that its outcome is unknown.
  if (outcome === "abandoned" || (outcome.isError && isDrained(signal))) return undefined;
  const result: ToolResultPart = {
    type: "tool_result",
    call_id: call.id,
    name: call.name,
    text: outcome.text,
    is_error: outcome.isError,
  };
  await journal.storeResult("done", result);
  failpoints.pass("call.stored");
  return result;
}

const isDrained = ({ aborted, reason }: AbortSignal) => aborted && (reason as RunStop).kind === "drained";

async function execute(
  call: ToolCallRecord,
  tool: Tool | undefined,
  dependencies: RunDependencies,
  run: RunRow,
  signal: AbortSignal,
): Promise<ToolOutcome | "abandoned"> {
  const { db, clock, toolGuard: guard, logger, metrics, spans } = dependencies;
  const environment = await createToolEnvironment(tool?.name ?? call.name, dependencies, run);
  const startedAt = clock.now();
  const running = runTool({ ...call, tool }, environment, { guard, signal, logger });
  const outcome = await Promise.race([running, abandonAfterAbort(signal)]);

  const status = outcome === "abandoned" ? "abandoned" : outcome.isError ? "error" : "completed";
  const endedAt = clock.now();
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

/** A tool that does not listen to its signal is left behind after a grace period; its outcome is then unknown. */
async function abandonAfterAbort(signal: AbortSignal): Promise<"abandoned"> {
  const { promise, resolve } = Promise.withResolvers<"abandoned">();
  const begin = () => setTimeout(() => resolve("abandoned"), LIMITS.toolGrace).unref();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return promise;
}
