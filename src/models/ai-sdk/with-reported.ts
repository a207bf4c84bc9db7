import { recordOf } from "#base/json.ts";
import { toTokenCount } from "#models/to-token-count.ts";

/** Counts under a wire's own names. What a later report leaves out, or what cannot be a count, stays as it was. */
export function withReported<Name extends string>(
  counts: Readonly<Record<Name, number>>,
  reported: unknown,
): Readonly<Record<Name, number>> {
  const record = recordOf(reported);
  const merged: Record<Name, number> = { ...counts };
  for (const name in counts) merged[name] = toTokenCount(record[name]) || counts[name];
  return merged;
}
