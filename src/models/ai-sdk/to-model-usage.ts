import type { LanguageModelV3Usage } from "@ai-sdk/provider";
import type { ModelUsage } from "#models/language-model.ts";
import { toTokenCount } from "#models/to-token-count.ts";

/** Converts token counts and makes them consistent with each other. Returns undefined if the provider reported none. */
export function toModelUsage({ inputTokens, outputTokens }: LanguageModelV3Usage): ModelUsage | undefined {
  const cacheRead = toTokenCount(inputTokens.cacheRead);
  const cacheWrite = toTokenCount(inputTokens.cacheWrite);
  const reasoning = toTokenCount(outputTokens.reasoning);
  const input = Math.max(toTokenCount(inputTokens.total), toTokenCount(inputTokens.noCache) + cacheRead + cacheWrite);
  const output = Math.max(toTokenCount(outputTokens.total), reasoning);
  return input + output === 0 ? undefined : { input, output, cacheRead, cacheWrite, reasoning };
}
