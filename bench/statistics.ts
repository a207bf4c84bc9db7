import type { Percentiles } from "./load-jobs.ts";

/** Returns the value at `share` (0 to 1) of the sorted values. Returns 0 if there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const percentilesOf = (values: readonly number[]): Percentiles => ({
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
  max: quantile(values, 1),
});

/** Returns the median of each figure over several rounds. */
export function medians<Figures extends Readonly<Record<string, number>>>(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  const values = names.map((name) => [name, median(rounds.map((round) => round[name] ?? 0))]);
  // Safe: the names are those of the rounds.
  return Object.fromEntries(values) as Figures;
}
