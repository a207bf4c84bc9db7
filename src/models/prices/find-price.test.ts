import { expect, test } from "bun:test";
import { findPrice } from "#models/prices/find-price.ts";
import { PRICE_SHEETS } from "#models/prices/price-sheets.ts";
import type { ProviderType } from "#models/provider-types.ts";

test.each([
  ["openai_compat", "gpt-4o", 2.5, 10],
  ["openai_compat", "gpt-5-mini-2025-08-07", 0.25, 2],
  ["openai_compat", "gpt-4-0613", 30, 60],
  ["openai_compat", "gpt-4-1106-preview", 10, 30],
  ["openai_compat", "gemini-2.5-flash", 0.3, 2.5],
  ["anthropic_native", "claude-sonnet-4-5", 3, 15],
  ["anthropic_native", "claude-sonnet-4-5-20250929", 3, 15],
  ["anthropic_native", "claude-sonnet-4-20250514", 3, 15],
  ["anthropic_native", "claude-opus-4-5@20251101", 5, 25],
  ["anthropic_native", "claude-3-5-haiku-latest", 0.8, 4],
  ["gemini_native", "gemini-2.5-flash-lite-preview-09-2025", 0.1, 0.4],
  ["gemini_native", "models/gemini-2.0-flash-001", 0.1, 0.4],
  ["vertex", "google/gemini-2.5-pro", 1.25, 10],
  ["openrouter", "anthropic/claude-sonnet-4.5", 3, 15],
  ["openrouter", "openai/gpt-4.1-mini", 0.4, 1.6],
  ["openrouter", "x-ai/grok-4.5", 2, 6],
  ["groq", "openai/gpt-oss-120b", 0.15, 0.6],
  ["cohere", "command-a-03-2025", 2.5, 10],
  ["xai", "grok-4-0709", 3, 15],
] as const)("%s: %s has the list price of its maker", (type, model, input, output) => {
  expect(findPrice(type, model)).toMatchObject({ input, output });
});

test.each([
  ["ollama", "gpt-4o"],
  ["anthropic_native", "gpt-4o"],
  ["openai_compat", "llama-of-my-own"],
  ["openai_compat", "gpt-4o-audio"],
  ["openrouter", "nobody/gpt-4o"],
  ["demo", "demo"],
] as const satisfies readonly (readonly [ProviderType, string])[])("%s: the price of %s is unknown", (type, model) => {
  expect(findPrice(type, model)).toBeUndefined();
});

test("the cache has its own prices", () => {
  expect(findPrice("anthropic_native", "claude-sonnet-4-5")).toMatchObject({ cacheRead: 0.3, cacheWrite: 3.75 });
});

test("every price has a source and a date", () => {
  for (const { source, date, models } of PRICE_SHEETS) {
    expect(new URL(source).protocol).toBe("https:");
    expect(Number.isNaN(Date.parse(date))).toBe(false);
    for (const row of Object.values(models)) {
      expect(row.every((price) => price !== undefined && price >= 0 && price <= 1_000)).toBe(true);
    }
  }
});
