/** What usage is told apart by. `bucket` is the number of a quarter of an hour since 1970. */
export const DIMENSIONS = ["bucket", "user_id", "agent_id", "channel", "provider", "model"] as const;

/** What is counted and summed. */
export const MEASURES = [
  "requests",
  "errors",
  "duration_ms",
  "tool_calls",
  "llm_calls",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_nanos",
] as const;

export type Dimension = Exclude<(typeof DIMENSIONS)[number], "bucket">;
export type Measure = (typeof MEASURES)[number];

/** A part of the usage of a time. Facts of the same dimensions add up. `open` is the number of requests that run now. */
export type UsageFact = Readonly<
  Record<Dimension, string> & Record<Measure, number> & { readonly bucket: number; readonly open: number }
>;
