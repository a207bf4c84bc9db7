import { LIMITS } from "#base/limits.ts";

/** Returns the first items whose sizes stay within `LIMITS.pageBytes`, and at least one. */
export function cutPage<Item>(items: readonly Item[], bytesOf: (item: Item) => number): readonly Item[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += bytesOf(item);
    return index > 0 && bytes > LIMITS.pageBytes;
  });
  return end === -1 ? items : items.slice(0, end);
}

/** The size of a value as JSON text, in bytes. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? "");
