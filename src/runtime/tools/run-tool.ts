import { headOf } from "#base/cut-text.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { cutResult } from "#runtime/tools/cut-result.ts";
import { ToolError } from "#runtime/tools/define-tool.ts";
import type { Scrubber } from "#runtime/tools/scrub-credentials.ts";
import type { Tool, ToolEnvironment, ToolOutcome } from "#runtime/tools/tool.ts";
import type { ToolRateLimiter } from "#runtime/tools/tool-rate-limiter.ts";

/** What stands between a call and its tool, and between the tool's answer and the model. */
export interface ToolGuard {
  readonly limiter: ToolRateLimiter;
  readonly scrubber: Scrubber;
}

export interface RequestedCall {
  /** Undefined when the run has no tool of that name. */
  readonly tool: Tool | undefined;
  readonly name: string;
  readonly arguments: string;
}

export interface ToolCallSite {
  readonly guard: ToolGuard;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Runs one call. Never throws: whatever goes wrong is an outcome that the model can read. */
export async function runTool(
  call: RequestedCall,
  environment: ToolEnvironment,
  site: ToolCallSite,
): Promise<ToolOutcome> {
  const outcome = await attempt(call, environment, site);
  const { scrubber } = site.guard;
  const text = scrubber.scrub(outcome.text.toWellFormed(), Object.values(environment.settings.secrets));
  return { ...outcome, text: cutResult(text, LIMITS.toolResultChars) };
}

async function attempt(
  { tool, name, arguments: argumentsText }: RequestedCall,
  environment: ToolEnvironment,
  { guard: { limiter }, signal, logger }: ToolCallSite,
): Promise<ToolOutcome> {
  if (!tool) return failure(`There is no tool named ${headOf(name, 100)}.`);
  if (!limiter.take(environment.tenantId, environment.sessionId)) {
    return failure(`This session has made its ${limiter.perHour} tool calls of the last hour. Go on without tools.`);
  }
  try {
    return await tool.execute(environment, argumentsText, signal);
  } catch (thrown) {
    if (thrown instanceof ToolError) return failure(thrown.message);
    if (signal.aborted) return failure("The call was stopped.");
    logger.error({ tool: name, error: thrown }, "a tool failed");
    return failure(`The tool ${name} failed.`);
  }
}

const failure = (text: string): ToolOutcome => ({ text, isError: true });
