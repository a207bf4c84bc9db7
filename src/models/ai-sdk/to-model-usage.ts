import type { LanguageModelV3Usage } from "@ai-sdk/provider";
import type { ModelUsage } from "#models/language-model.ts";

/** The counts of one call, consistent with each other; undefined when the provider reported none. */
export function toModelUsage({ inputTokens, outputTokens }: LanguageModelV3Usage): ModelUsage | undefined {
  const cacheRead = toCount(inputTokens.cacheRead);
  const cacheWrite = toCount(inputTokens.cacheWrite);
  const reasoning = toCount(outputTokens.reasoning);
  const input = Math.max(toCount(inputTokens.total), cacheRead + cacheWrite);
  const output = Math.max(toCount(outputTokens.total), reasoning);
  return input + output === 0 ? undefined : { input, output, cacheRead, cacheWrite, reasoning };
}

function toCount(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return 0;
  return Math.min(Math.max(Math.round(value), 0), Number.MAX_SAFE_INTEGER);
}
