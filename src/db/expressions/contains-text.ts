import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/**
 * Returns whether a value contains a text, whatever the case of their letters. SQLite knows the case of ASCII alone, so
 * other letters must have the case of the value or be in lower case there.
 */
export function containsText(dialect: Dialect, value: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  const find = sql.raw(dialect === "postgres" ? "strpos" : "instr");
  return sql<SqlBool>`(${find}(lower(${value}), ${text.toLowerCase()}) > 0 or ${find}(${value}, ${text}) > 0)`;
}
