import type { Percentiles } from "./load-jobs.ts";

/** Of the values at `share` from the smallest to the largest; 0 of none. */
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

/** The median of each number of several rounds. */
export function medians<Figures extends Readonly<Record<string, number>>>(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  const values = names.map((name) => [name, median(rounds.map((round) => round[name] ?? 0))]);
  // The names are those of the rounds themselves.
  return Object.fromEntries(values) as Figures;
}
