import { type RawBuilder, sql } from "kysely";

/**
 * A constant that stands in the statement itself instead of being bound. SQLite plans a statement anew each time it runs
 * when a bound value is compared with a column that the condition of a partial index names: such a column is compared
 * with this. Never for what comes from a caller.
 */
export const writtenOut = <Value extends string | number>(value: Value): RawBuilder<Value> => sql.lit(value);
