import { AppError } from "#base/errors.ts";
import { translate } from "#base/i18n/translate.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Scrubber } from "#base/scrub-credentials.ts";
import { cutResult } from "#runtime/tools/cut-result.ts";
import { ToolError, toolFailure } from "#runtime/tools/define-tool.ts";
import type { Tool, ToolEnvironment, ToolOutcome, ToolPart } from "#runtime/tools/tool.ts";
import type { ToolGate } from "#runtime/tools/tool-gate.ts";
import { wrapUntrusted } from "#runtime/tools/wrap-untrusted.ts";

/** The guards around every tool call. */
export interface ToolGuard {
  readonly gate: ToolGate;
  readonly scrubber: Scrubber;
}

export interface ToolCallSite {
  readonly scrubber: Scrubber;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** The result of a tool call as the model reads it. */
export interface ToolText {
  readonly text: string;
  readonly isError: boolean;
  /** The images of the answer as the tool gave them, at most `LIMITS.toolResultImages`. */
  readonly images?: readonly Uint8Array[];
  /** The gateway's own refusal, if that is why the call failed. A client gets it as it is. */
  readonly refusal?: AppError;
}

/**
 * Runs a call and converts its outcome to text and images. Untrusted parts are enclosed in marks, credentials are
 * removed, and a long text is truncated in its middle. Never throws, because the model reads every failure.
 */
export async function runTool(
  tool: Tool,
  argumentsText: string,
  environment: ToolEnvironment,
  site: ToolCallSite,
): Promise<ToolText> {
  const { parts, isError, refusal } = await attempt(tool, argumentsText, environment, site);
  const secrets = [...Object.values(environment.settings.secrets), ...(tool.secrets ?? [])];
  const text = site.scrubber.scrub(parts.flatMap(toText).join("\n").toWellFormed(), secrets);
  const images = parts.flatMap((part) => (part.type === "image" ? [part.bytes] : []));
  return {
    text: cutResult(text, LIMITS.toolResultChars),
    isError,
    ...(images.length > 0 && { images: images.slice(0, LIMITS.toolResultImages) }),
    ...(refusal && { refusal }),
  };
}

async function attempt(
  tool: Tool,
  argumentsText: string,
  environment: ToolEnvironment,
  { signal, logger }: ToolCallSite,
): Promise<ToolOutcome & Pick<ToolText, "refusal">> {
  try {
    return await tool.execute(environment, argumentsText, signal);
  } catch (thrown) {
    if (thrown instanceof ToolError) return toolFailure(thrown.message);
    if (thrown instanceof AppError) {
      return { ...toolFailure(translate("en", thrown.key, thrown.params)), refusal: thrown };
    }
    if (signal.aborted) return toolFailure("The call was stopped.");
    logger.error({ tool: tool.name, error: thrown }, "a tool failed");
    return toolFailure(`The tool ${tool.name} failed.`);
  }
}

function toText(part: ToolPart): readonly string[] {
  switch (part.type) {
    case "image":
      return [];
    case "json":
      return [JSON.stringify(part.value)];
    case "text":
      return [part.untrustedSource === undefined ? part.text : wrapUntrusted(part.untrustedSource, part.text)];
  }
}
