import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/** Returns whether a value contains a text exactly as it is. */
export function includesText(dialect: Dialect, value: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  const find = sql.raw(dialect === "postgres" ? "strpos" : "instr");
  return sql<SqlBool>`${find}(${value}, ${text}) > 0`;
}
