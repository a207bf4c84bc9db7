import type { ModelUsage } from "#models/language-model.ts";
import type { Usage } from "#runtime/run-schema.ts";

export const toUsage = ({ input, output, cacheRead, cacheWrite, reasoning }: ModelUsage): Usage => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: cacheRead,
  cache_write_tokens: cacheWrite,
  reasoning_tokens: reasoning,
});

/** US dollars per million tokens. Cached input costs as much as other input where the row does not say. */
export interface Price {
  readonly input_per_million: number;
  readonly output_per_million: number;
  readonly cache_read_per_million?: number | undefined;
  readonly cache_write_per_million?: number | undefined;
}

/** What a model call cost in US dollars; 0 where no price is known. */
export type PriceOf = (provider: string, model: string, usage: Usage) => number;

/** Prices by `provider/model`, else by `model`. */
export function createPriceOf(prices: Readonly<Record<string, Price>>): PriceOf {
  return (provider, model, usage) => {
    const price = prices[`${provider}/${model}`] ?? prices[model];
    if (!price) return 0;
    const { input_per_million: input, output_per_million: output } = price;
    const plain = usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens;
    const cost =
      plain * input +
      usage.cache_read_tokens * (price.cache_read_per_million ?? input) +
      usage.cache_write_tokens * (price.cache_write_per_million ?? input) +
      usage.output_tokens * output;
    return cost / 1_000_000;
  };
}
