import { isRecord, recordOf } from "#base/json.ts";
import type { ModelUsage } from "#models/language-model.ts";
import { toTokenCount } from "#models/to-token-count.ts";

/**
 * Converts the usage of an answer, in the variants of the servers that speak the format. Returns undefined if no tokens
 * are reported.
 */
export function toChatUsage(reported: unknown): ModelUsage | undefined {
  if (!isRecord(reported)) return undefined;
  const prompt = recordOf(reported.prompt_tokens_details);
  const completion = recordOf(reported.completion_tokens_details);
  // In this order: OpenAI and most others, DeepSeek, Kimi.
  const cacheRead = firstCount(prompt.cached_tokens, reported.prompt_cache_hit_tokens, reported.cached_tokens);
  // In this order: OpenRouter, DashScope.
  const cacheWrite = firstCount(prompt.cache_write_tokens, prompt.cache_creation_input_tokens);
  const reasoning = firstCount(completion.reasoning_tokens, reported.reasoning_tokens);
  const input = Math.max(toTokenCount(reported.prompt_tokens), cacheRead + cacheWrite);
  const output = toOutput(toTokenCount(reported.completion_tokens), reasoning, input, reported.total_tokens);
  return input + output === 0 ? undefined : { input, output, cacheRead, cacheWrite, reasoning };
}

/**
 * Returns the output tokens, reasoning included. Most servers include reasoning in the completion tokens. xAI and
 * Google count it separately, and the total shows that.
 */
function toOutput(completion: number, reasoning: number, input: number, total: unknown): number {
  const isSeparate = reasoning > 0 && toTokenCount(total) >= input + completion + reasoning;
  return isSeparate ? completion + reasoning : Math.max(completion, reasoning);
}

const firstCount = (...values: readonly unknown[]): number => values.map(toTokenCount).find((count) => count > 0) ?? 0;
