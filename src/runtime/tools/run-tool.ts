import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { ToolError } from "#runtime/tools/define-tool.ts";
import type { Tool, ToolEnvironment, ToolOutcome } from "#runtime/tools/tool.ts";

/** Runs one call. Never throws: whatever goes wrong is an outcome that the model can read. */
export async function runTool(
  tool: Tool | undefined,
  name: string,
  argumentsText: string,
  environment: ToolEnvironment,
  signal: AbortSignal,
  logger: Logger,
): Promise<ToolOutcome> {
  if (!tool) return { text: `There is no tool named ${name.slice(0, 100)}.`, isError: true };
  try {
    const outcome = await tool.execute(environment, argumentsText, signal);
    return { ...outcome, text: cap(outcome.text) };
  } catch (thrown) {
    if (thrown instanceof ToolError) return { text: thrown.message, isError: true };
    if (signal.aborted) return { text: "The call was stopped.", isError: true };
    logger.error({ tool: name, error: thrown }, "a tool failed");
    return { text: `The tool ${name} failed.`, isError: true };
  }
}

function cap(text: string): string {
  if (text.length <= LIMITS.toolResultChars) return text;
  return `${text.slice(0, LIMITS.toolResultChars)}\n[cut: the result had ${text.length} characters]`;
}
