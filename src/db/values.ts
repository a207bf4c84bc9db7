import type { Bit } from "#db/tables.ts";

/** How values without a portable column type are stored: JSON as text, booleans as 0 and 1. */
export const toJson = (value: unknown): string => JSON.stringify(value);

/** Trusts the column: what it holds was written by `toJson` from the type that the caller names. */
export const fromJson = <T>(text: string): T => JSON.parse(text) as T;

export const toBit = (value: boolean): Bit => (value ? 1 : 0);

export const fromBit = (value: Bit): boolean => value === 1;

/** Splits rows so that one statement stays far below both databases' limit of parameters. */
export function chunk<T>(rows: readonly T[], size = 200): readonly (readonly T[])[] {
  if (rows.length > 0 && rows.length <= size) return [rows];
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
