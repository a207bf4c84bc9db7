import type { Migration } from "#db/migrations/migration.ts";

/**
 * Lists of runs walk an index that holds just what is asked for, newest first, which ids tell as well as times. Few runs
 * fail or are cancelled, and only they are in the index that finds them. Where two indexes look alike SQLite takes the
 * younger one: those of a session and an agent, which lead to few runs, come after that of all runs of a tenant.
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
