import { recordOf } from "#base/json.ts";
import { toTokenCount } from "#models/to-token-count.ts";

/** Merges reported token counts into `counts`. A count that is missing, zero or invalid keeps its earlier value. */
export function withReported<Name extends string>(
  counts: Readonly<Record<Name, number>>,
  reported: unknown,
): Readonly<Record<Name, number>> {
  const record = recordOf(reported);
  const merged: Record<Name, number> = { ...counts };
  for (const name in counts) merged[name] = toTokenCount(record[name]) || counts[name];
  return merged;
}
