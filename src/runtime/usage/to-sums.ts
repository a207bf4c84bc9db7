import type { Sums } from "#runtime/usage/add-sums.ts";
import { type Dimension, MEASURES } from "#runtime/usage/fact-columns.ts";

type NumberColumn = "bucket" | (typeof MEASURES)[number];

/** Makes numbers of what a database returns. Postgres returns large numbers as text. */
export function toSums(row: Record<Dimension, string> & Record<NumberColumn, unknown>): Sums {
  const numbers = (["bucket", ...MEASURES] as const).map((name) => [name, Number(row[name])]);
  return { ...row, ...(Object.fromEntries(numbers) as Record<NumberColumn, number>) };
}
