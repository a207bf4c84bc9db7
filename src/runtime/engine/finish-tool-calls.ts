import { LIMITS } from "#base/limits.ts";
import type { RunDependencies } from "#runtime/engine/run-dependencies.ts";
import type { LiveRun, RunStop } from "#runtime/live/index.ts";
import { recordToolCall } from "#runtime/model-calls/index.ts";
import {
  type Journal,
  type RunAllowance,
  type RunDraft,
  type RunRow,
  type ToolProgress,
  type TracedRun,
  toTraceHeaders,
} from "#runtime/runs/index.ts";
import {
  callTool,
  createToolEnvironment,
  keepImages,
  type RunTools,
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
  readonly draft: RunDraft | undefined;
  readonly trace: TracedRun;
  readonly journal: Journal;
  readonly live: LiveRun;
  readonly signal: AbortSignal;
  /** Returns what the run has left after the calls of this turn. */
  readonly left: () => RunAllowance;
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
  const result = await toResult(call, outcome, context);
  await journal.storeResult("done", result);
  failpoints.pass("call.stored");
  return result;
}

async function toResult(
  { id, name }: ToolCallRecord,
  { text, isError, images: given = [] }: ToolText,
  { dependencies: { db, blobs, imagePreparer, logger } }: CallContext,
): Promise<ToolResultPart> {
  const { images, lost } = await keepImages(given, { tenantId: db.tenantId, blobs, imagePreparer, logger });
  const note = lost === 0 ? "" : `\n[${lost} of the images cannot be shown.]`;
  const result = { type: "tool_result" as const, call_id: id, name, text: text + note, is_error: isError };
  return images.length === 0 ? result : { ...result, images: [...images] };
}

const isDrained = ({ aborted, reason }: AbortSignal) => aborted && (reason as RunStop).kind === "drained";

/** From harmless to harmful to repeat. */
const EFFECTS: readonly ToolEffect[] = ["read", "idempotent", "once"];

/**
 * Returns whether a repetition of the call would do more harm than its stored effect says, because the tool has changed.
 * After a crash, the stored effect decides about a repetition.
 */
const isWorse = (tool: Tool | undefined, call: ToolCallRecord): boolean =>
  tool !== undefined && EFFECTS.indexOf(tool.effectOf(call.arguments)) > EFFECTS.indexOf(call.effect);

const changedTool = (name: string): ToolText => ({
  text: `The tool ${name} has changed since this call. Call it again.`,
  isError: true,
});

/** Runs a call through the gate, and records it in metrics and in the run's trace. */
async function runMeasured(call: ToolCallRecord, context: CallContext): Promise<ToolText | "abandoned"> {
  const { dependencies, tools, names, run, draft, trace, live, left, signal } = context;
  const { db, clock, toolGuard: guard, logger, faults } = dependencies;
  const { name } = call;
  const tool = tools.find(name);
  const isPassedOn = run.trace_parent !== null || dependencies.spans.isExporting;
  const traceHeaders = isPassedOn ? toTraceHeaders(trace.context) : undefined;
  const startedAt = clock.now();
  const place = {
    runId: run.id,
    callId: call.id,
    draft,
    trace,
    traceHeaders,
    left,
    reportProgress: (progress: ToolProgress) =>
      live.reportProgress({ type: "tool.progress", callId: call.id, name, ...progress }),
  };
  const outcome = isWorse(tool, call)
    ? changedTool(name)
    : await callTool(
        {
          name,
          tool,
          similarNames: tool ? [] : names.similarTo(name),
          argumentsText: call.arguments,
          tenantId: db.tenantId,
          sessionId: run.session_id,
        },
        {
          guard,
          logger,
          signal,
          environmentOf: ({ name: allowed }) =>
            faults.run(() => createToolEnvironment(allowed, dependencies, db, run, place)),
        },
      );
  recordToolCall(dependencies, {
    tenantId: db.tenantId,
    traceId: trace.traceId,
    context: trace.context,
    runId: run.id,
    agentId: run.agent_id,
    name,
    toolName: tool?.name,
    callId: call.id,
    status: outcome === "abandoned" ? "abandoned" : outcome.isError ? "error" : "completed",
    texts: trace.keepsText ? { input: call.arguments, output: outcome === "abandoned" ? "" : outcome.text } : undefined,
    startedAt,
    endedAt: clock.now(),
  });
  return outcome;
}
