import type { Migration } from "#db/migrations/migration.ts";

/**
 * Defines open runs as runs without an end. SQLite builds a temporary table for a list of three statuses each time it
 * checks whether a row is in the index. It checks this several times for each change of a run.
 */
export const openRunsByEnd: Migration = {
  name: "0004-open-runs-by-end",
  statements: ["drop index runs_open", "create index runs_open on runs (session_id, status) where ended_at is null"],
};
