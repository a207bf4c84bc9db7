import type { Migration } from "#db/migrations/migration.ts";

/**
 * Open runs are those without an end. SQLite makes a temporary table of a list of three statuses whenever it has to know
 * whether a row is in it, which is several times for each change of a run.
 */
export const openRunsByEnd: Migration = {
  name: "0004-open-runs-by-end",
  statements: ["drop index runs_open", "create index runs_open on runs (session_id, status) where ended_at is null"],
};
