import { type RawBuilder, sql } from "kysely";

/**
 * Writes a constant into the SQL text instead of binding it. Use it for columns in the condition of a partial index.
 * SQLite plans a statement again at every run if a bound value is compared with such a column. Never use it for a value
 * from a caller, because the value becomes part of the SQL.
 */
export const sqlConstant = <Value extends string | number>(value: Value): RawBuilder<Value> => sql.lit(value);
