import { sql } from "kysely";
import type { Planner } from "#db/planner.ts";

/** Postgres keeps statistics and chooses well without hints. */
export const postgresPlanner: Planner = { withoutIndex: (column) => sql<string>`${sql.ref(column)}` };
