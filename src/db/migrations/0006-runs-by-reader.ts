import type { Migration } from "#db/migrations/migration.ts";

/**
 * Adds indexes that contain only the runs of a list, newest first. Ids sort like creation times. Few runs fail or are
 * cancelled, so these have a small index of their own. If SQLite rates two indexes alike, it uses the newer one. So the
 * indexes of a session and of an agent, which lead to few runs, are created after the index of a tenant.
 */
export const runsByReader: Migration = {
  name: "0006-runs-by-reader",
  statements: [
    "drop index runs_recent",
    "create index runs_recent on runs (tenant_id, id)",
    "create index runs_user on runs (tenant_id, user_id, id)",
    "drop index runs_agent",
    "create index runs_agent on runs (agent_id, id)",
    "drop index runs_session",
    "create index runs_session on runs (session_id)",
    "drop index runs_open",
    "create index runs_open on runs (tenant_id, session_id, status) where ended_at is null",
    "create index runs_unfinished on runs (tenant_id, status, id) where finish is null and ended_at is not null",
  ],
};
