import { databaseDamaged } from "#db/errors.ts";

/** A truth value as both databases store it. */
export type Bit = 0 | 1;

/** Encodes a value for a text column, because the databases share no column type for JSON. */
export const toJson = (value: unknown): string => JSON.stringify(value);

/**
 * Decodes a JSON column. The caller names the type that `toJson` encoded. It is not checked. Throws `UNAVAILABLE` for a
 * text that `toJson` never wrote.
 */
export function fromJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (thrown) {
    throw databaseDamaged(thrown);
  }
}

export const toBit = (value: boolean): Bit => (value ? 1 : 0);

export const fromBit = (value: Bit): boolean => value === 1;

/** Splits rows into batches. The default size keeps a statement far below the parameter limits of both databases. */
export function chunk<T>(rows: readonly T[], size = 200): readonly (readonly T[])[] {
  if (rows.length > 0 && rows.length <= size) return [rows];
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
