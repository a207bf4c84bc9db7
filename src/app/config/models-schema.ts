import { z } from "zod";
import { LIMITS } from "#base/limits.ts";

const milliseconds = (maximum: number) => z.int().min(1).max(maximum);

const price = () => z.number().min(0);

const Pricing = z
  .object({
    input_per_million: price(),
    output_per_million: price(),
    cache_read_per_million: price().optional(),
    cache_write_per_million: price().optional(),
  })
  .readonly();

/** The section `models` of the configuration. */
export const Models = z.object({
  first_token_ms: milliseconds(LIMITS.modelCall)
    .default(180_000)
    .describe("How long a model may take to begin its answer."),
  idle_ms: milliseconds(LIMITS.modelCall)
    .default(120_000)
    .describe("How long a model may be silent in the middle of its answer."),
  call_ms: milliseconds(LIMITS.modelCall).default(600_000).describe("How long one call of a model may take."),
  max_attempts: z.int().min(1).max(10).default(3).describe("How often a call that failed before its answer is made."),
  retry_delay_ms: z.int().min(1).max(30_000).default(300).describe("Before the second attempt; doubled each time."),
  pricing: z
    .record(z.string(), Pricing)
    .readonly()
    .default({})
    .describe("US dollars per million tokens, by provider and model, where the built-in table is wrong.")
    .meta({ example: { "provider/model": { input_per_million: 3, output_per_million: 15 } } }),
});
