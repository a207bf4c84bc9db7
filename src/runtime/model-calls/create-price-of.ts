import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { ownValue } from "#base/json.ts";
import type { ModelUsage } from "#models/language-model.ts";
import { findPrice, type ModelPrice } from "#models/prices/find-price.ts";
import type { ProviderType } from "#models/provider-types.ts";
import type { Usage } from "#runtime/runs/index.ts";

export const toUsage = ({ input, output, cacheRead, cacheWrite, reasoning }: ModelUsage): Usage => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: cacheRead,
  cache_write_tokens: cacheWrite,
  reasoning_tokens: reasoning,
});

/** US dollars per million tokens. Cached input costs as much as other input if its price is undefined. */
export interface Price {
  readonly input_per_million: number;
  readonly output_per_million: number;
  readonly cache_read_per_million?: number | undefined;
  readonly cache_write_per_million?: number | undefined;
}

export interface PricedCall {
  /** The name of the provider's row. */
  readonly provider: string;
  readonly providerType: ProviderType;
  readonly model: string;
}

/**
 * Returns the cost of a model call in US dollars, or 0 if no price is known. It is a whole number of billionths, so that
 * sums in billionths are exact.
 */
export type PriceOf = (call: PricedCall, usage: Usage) => number;

const KNOWN_MODELS = 1_000;
const NANOS_PER_DOLLAR = 1_000_000_000;
/** Prices are per million tokens, so tokens times a price are millionths of a dollar. */
const NANOS_PER_MILLIONTH = 1_000;

/**
 * Creates the price lookup. The operator's present prices, keyed by `provider/model` or `model`, come first. The list
 * prices of the model's maker come second.
 */
export function createPriceOf(prices: () => Readonly<Record<string, Price>>): PriceOf {
  const listed = new BoundedCache<string, { readonly price: Price | undefined }>({ max: KNOWN_MODELS });
  const findListed = ({ providerType, model }: PricedCall): Price | undefined => {
    const key = `${providerType}/${model}`;
    const known = listed.get(key) ?? { price: toPrice(findPrice(providerType, model)) };
    listed.set(key, known);
    return known.price;
  };
  return (call, usage) => {
    const configured = prices();
    const named = ownValue(configured, `${call.provider}/${call.model}`) ?? ownValue(configured, call.model);
    const price = named ?? findListed(call);
    if (!price) return 0;
    const { input_per_million: input, output_per_million: output } = price;
    const plain = usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens;
    const cost =
      plain * input +
      usage.cache_read_tokens * (price.cache_read_per_million ?? input) +
      usage.cache_write_tokens * (price.cache_write_per_million ?? input) +
      usage.output_tokens * output;
    return Math.round(cost * NANOS_PER_MILLIONTH) / NANOS_PER_DOLLAR;
  };
}

const toPrice = (price: ModelPrice | undefined): Price | undefined =>
  price && {
    input_per_million: price.input,
    output_per_million: price.output,
    cache_read_per_million: price.cacheRead,
    cache_write_per_million: price.cacheWrite,
  };
