import { sql } from "kysely";
import type { Planner } from "#db/planner.ts";

/**
 * SQLite knows no row counts before `ANALYZE`, and prefers an index that orders the rows over one that finds the few
 * rows which match. An expression hides the column from it. https://www.sqlite.org/optoverview.html#the_unary_operator
 */
export const sqlitePlanner: Planner = { withoutIndex: (column) => sql<string>`${sql.ref(column)} || ''` };
