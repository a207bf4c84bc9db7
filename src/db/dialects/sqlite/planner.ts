import { sql } from "kysely";
import type { Planner } from "#db/planner.ts";

/**
 * SQLite has no row counts before `ANALYZE`. It then prefers an index that sorts the rows over an index that finds the
 * few matching rows. An expression hides the column from the planner.
 * https://www.sqlite.org/optoverview.html#the_unary_operator
 */
export const sqlitePlanner: Planner = { withoutIndex: (column) => sql<string>`${sql.ref(column)} || ''` };
