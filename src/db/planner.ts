import type { RawBuilder } from "kysely";

/** Hints for a dialect's query planner. Each dialect has its own; no statement outside `db/dialects` holds such a trick. */
export interface Planner {
  /** The value of a text column, such as `runs.id`, written so that the planner considers no index on that column. */
  withoutIndex(column: string): RawBuilder<string>;
}
