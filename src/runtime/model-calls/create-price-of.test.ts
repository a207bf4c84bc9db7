import { expect, test } from "bun:test";
import { createPriceOf } from "#runtime/model-calls/create-price-of.ts";
import { NO_USAGE } from "#runtime/runs/run-schema.ts";

const USED = { ...NO_USAGE, input_tokens: 1_000_000 };
const PRICE = { input_per_million: 3, output_per_million: 15 };

test("the price of a provider's model has priority over the price of the model", () => {
  const priceOf = createPriceOf(() => ({ "mine/big": { ...PRICE, input_per_million: 5 }, big: PRICE }));
  const costOf = (provider: string) => priceOf({ provider, providerType: "openai_compat", model: "big" }, USED);
  expect([costOf("mine"), costOf("other")]).toEqual([5, 3]);
});

test.each(["constructor", "toString", "__proto__"])("a model named %s has no known price", (model) => {
  expect(createPriceOf(() => ({}))({ provider: "mine", providerType: "openai_compat", model }, USED)).toBe(0);
});
