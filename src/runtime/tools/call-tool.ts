import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { BROKEN_ARGUMENTS, hasReadableArguments } from "#runtime/tools/define-tool.ts";
import { runTool, type ToolGuard, type ToolText } from "#runtime/tools/run-tool.ts";
import type { Tool, ToolEnvironment } from "#runtime/tools/tool.ts";

/** A call of a tool, from a model or from a client. */
export interface ToolCall {
  readonly name: string;
  /** Undefined if the caller has no tool of that name. */
  readonly tool: Tool | undefined;
  /** The names of tools that the caller has and that resemble `name`. */
  readonly similarNames: readonly string[];
  /** JSON text. */
  readonly argumentsText: string;
  readonly tenantId: TenantId;
  /** Whose calls of the last hour count. */
  readonly sessionId: string;
}

export interface ToolCallContext {
  readonly guard: ToolGuard;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly environmentOf: (tool: Tool) => Promise<ToolEnvironment>;
}

/**
 * Asks the gate, runs the tool and returns what the caller reads. Resolves with `abandoned` for a tool that ignores its
 * signal. The outcome of such a call is unknown.
 */
export async function callTool(call: ToolCall, context: ToolCallContext): Promise<ToolText | "abandoned"> {
  const { guard, logger, signal, environmentOf } = context;
  const { tool, argumentsText } = call;
  if (!tool && !hasReadableArguments(argumentsText)) return { text: BROKEN_ARGUMENTS, isError: true };
  const decision = guard.gate.decide(call);
  if (decision.kind === "refuse") return { text: decision.reason, isError: true };
  const environment = await environmentOf(decision.tool);
  const site = { scrubber: guard.scrubber, signal, logger };
  return Promise.race([runTool(decision.tool, argumentsText, environment, site), abandonAfterAbort(signal)]);
}

/** Resolves some time after an abort, so a tool that ignores its signal is abandoned. Its outcome is then unknown. */
async function abandonAfterAbort(signal: AbortSignal): Promise<"abandoned"> {
  const { promise, resolve } = Promise.withResolvers<"abandoned">();
  const begin = () => setTimeout(() => resolve("abandoned"), LIMITS.toolGrace).unref();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return promise;
}
