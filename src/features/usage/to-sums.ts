import type { SummedRow } from "#features/usage/match-facts.ts";
import type { UsageRow, UsageSum } from "#features/usage/schema.ts";

const NANOS_PER_DOLLAR = 1_000_000_000;

const numberOf = (value: number | string | null) => Number(value ?? 0);

/** Returns the cost of summed facts in US dollars. */
const toDollars = (nanos: number | string | null): number => numberOf(nanos) / NANOS_PER_DOLLAR;

/** The mean of the requests that ended. */
function meanDuration({ requests, open, duration_ms }: SummedRow): number {
  const ended = numberOf(requests) - numberOf(open);
  return ended === 0 ? 0 : Math.round(numberOf(duration_ms) / ended);
}

export const toUsageSum = (row: SummedRow): Omit<UsageSum, "unique_users"> => ({
  requests: numberOf(row.requests),
  input_tokens: numberOf(row.input_tokens),
  output_tokens: numberOf(row.output_tokens),
  cost: toDollars(row.cost_nanos),
  errors: numberOf(row.errors),
  llm_calls: numberOf(row.llm_calls),
  tool_calls: numberOf(row.tool_calls),
  avg_duration_ms: meanDuration(row),
});

/** The fields that points and rows share. */
export const toUsageFields = (row: SummedRow): Omit<UsageRow, "key"> => ({
  input_tokens: numberOf(row.input_tokens),
  output_tokens: numberOf(row.output_tokens),
  cache_read_tokens: numberOf(row.cache_read_tokens),
  cache_create_tokens: numberOf(row.cache_write_tokens),
  total_cost: toDollars(row.cost_nanos),
  request_count: numberOf(row.requests),
  llm_call_count: numberOf(row.llm_calls),
  tool_call_count: numberOf(row.tool_calls),
  error_count: numberOf(row.errors),
  avg_duration_ms: meanDuration(row),
});
