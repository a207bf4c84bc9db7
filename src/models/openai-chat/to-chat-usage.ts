import { isRecord, recordOf } from "#base/json.ts";
import type { ModelUsage } from "#models/language-model.ts";
import { toTokenCount } from "#models/to-token-count.ts";

/** The usage that an answer reports, in the dialects of those who speak the format; undefined when it says nothing. */
export function toChatUsage(reported: unknown): ModelUsage | undefined {
  if (!isRecord(reported)) return undefined;
  const prompt = recordOf(reported.prompt_tokens_details);
  const completion = recordOf(reported.completion_tokens_details);
  // In turn: OpenAI and most others, DeepSeek, Kimi.
  const cacheRead = firstCount(prompt.cached_tokens, reported.prompt_cache_hit_tokens, reported.cached_tokens);
  // In turn: OpenRouter, DashScope.
  const cacheWrite = firstCount(prompt.cache_write_tokens, prompt.cache_creation_input_tokens);
  const reasoning = firstCount(completion.reasoning_tokens, reported.reasoning_tokens);
  const input = Math.max(toTokenCount(reported.prompt_tokens), cacheRead + cacheWrite);
  const output = toOutput(toTokenCount(reported.completion_tokens), reasoning, input, reported.total_tokens);
  return input + output === 0 ? undefined : { input, output, cacheRead, cacheWrite, reasoning };
}

/** Most count reasoning as a part of the output; xAI and Google count it beside the output, and the total tells. */
function toOutput(completion: number, reasoning: number, input: number, total: unknown): number {
  const isBeside = reasoning > 0 && toTokenCount(total) >= input + completion + reasoning;
  return isBeside ? completion + reasoning : Math.max(completion, reasoning);
}

const firstCount = (...values: readonly unknown[]): number => values.map(toTokenCount).find((count) => count > 0) ?? 0;
