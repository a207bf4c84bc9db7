import type { RawBuilder } from "kysely";

/**
 * Hints for the query planner of a dialect. Statements outside `db/dialects` give hints only through this interface.
 */
export interface Planner {
  /**
   * Returns an expression for a text column, such as `runs.id`, that makes the planner ignore indexes on the column.
   */
  withoutIndex(column: string): RawBuilder<string>;
}
