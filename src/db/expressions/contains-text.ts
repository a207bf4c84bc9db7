import { type RawBuilder, type SqlBool, sql } from "kysely";
import { includesText } from "#db/expressions/includes-text.ts";
import type { Dialect } from "#db/tenant-queries.ts";

/**
 * Returns whether a value contains a text, whatever the case of their letters. SQLite knows the case of ASCII alone, so
 * other letters must have the case of the value or be in lower case there.
 */
export function containsText(dialect: Dialect, value: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  // A capital sigma has two small letters, and which one it becomes depends on its place in a word.
  const lower = sql`replace(lower(${value}), 'ς', 'σ')`;
  const inLowerCase = includesText(dialect, lower, text.toLowerCase().replaceAll("ς", "σ"));
  return sql<SqlBool>`(${inLowerCase} or ${includesText(dialect, value, text)})`;
}
