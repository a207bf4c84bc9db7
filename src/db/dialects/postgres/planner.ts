import { sql } from "kysely";
import type { Planner } from "#db/planner.ts";

/** Gives no hints, because Postgres keeps statistics and plans well without them. */
export const postgresPlanner: Planner = { withoutIndex: (column) => sql<string>`${sql.ref(column)}` };
