import { type RawBuilder, sql } from "kysely";

/**
 * Constants that stand in the statement itself instead of being bound. SQLite plans a statement anew each time it runs
 * when a bound value is compared with a column that the condition of a partial index names: such columns are compared
 * with these. Never for what comes from a caller.
 */
export const writtenOut = <Value extends string | number>(value: Value): RawBuilder<Value> => sql.lit(value);

/** The same for the right side of `in`. */
export const writtenOutList = <Value extends string>(values: readonly Value[]): RawBuilder<Value> =>
  sql<Value>`(${sql.join(values.map((value) => sql.lit(value)))})`;
