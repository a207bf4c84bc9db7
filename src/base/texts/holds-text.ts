import { LateText } from "#base/texts/late-text.ts";

/** In UTF-16 code units. */
const MUCH = 256 * 1_024;

/**
 * Returns whether a value holds more text in all than `most`, in UTF-16 code units. The default is so much that the value
 * is better sent in pieces.
 */
export const holdsMuchText = (value: unknown, most = MUCH): boolean => countText(value, most) > most;

/** Returns whether a text in a value is longer than `length`, in UTF-16 code units. */
export function holdsText(value: unknown, length: number): boolean {
  if (isText(value)) return value.length > length;
  return partsOf(value).some((part) => holdsText(part, length));
}

/** Returns how many UTF-16 code units the texts of a value have together. Counts no further than past `most`. */
function countText(value: unknown, most: number): number {
  if (isText(value)) return value.length;
  // They are sent as text.
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let sum = 0;
  for (const part of partsOf(value)) {
    sum += countText(part, most - sum);
    if (sum > most) break;
  }
  return sum;
}

/** Returns whether JSON has a text for a value. */
export const isText = (value: unknown): value is string | LateText =>
  typeof value === "string" || value instanceof LateText;

/** Returns the values in a list or an object. */
const partsOf = (value: unknown): readonly unknown[] =>
  value === null || typeof value !== "object" || ArrayBuffer.isView(value) ? [] : Object.values(value);
