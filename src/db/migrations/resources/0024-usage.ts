import type { Migration } from "#db/migrations/migration.ts";

const ROLLUPS = `create table usage_rollups (
  tenant_id text not null references tenants (id) on delete cascade,
  grain text not null,
  bucket integer not null,
  user_id text not null,
  agent_id text not null,
  channel text not null,
  provider text not null,
  model text not null,
  requests bigint not null,
  errors bigint not null,
  duration_ms bigint not null,
  tool_calls bigint not null,
  llm_calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (tenant_id, grain, bucket, user_id, agent_id, channel, provider, model))`;

/**
 * Adds what usage is counted by. A run keeps its own numbers, so that lists filter by them without reading spans. Runs
 * whose usage is not in `usage_rollups` yet have a small index of their own, as has usage that belongs to no run.
 */
export const usage: Migration = {
  name: "0024-usage",
  statements: [
    "alter table runs add column channel text not null default ''",
    "alter table runs add column duration_ms bigint",
    "alter table runs add column tool_calls integer not null default 0",
    "alter table runs add column input_tokens bigint not null default 0",
    "alter table runs add column output_tokens bigint not null default 0",
    "alter table runs add column is_counted integer not null default 0",
    "alter table runs add column trace_parent text",
    "update runs set channel = coalesce((select channel from sessions where sessions.id = runs.session_id), kind)",
    `update runs set tool_calls =
      (select count(*) from tool_calls where tool_calls.run_id = runs.id and tool_calls.state <> 'client')`,
    // Wider rows change how SQLite rates indexes: of equal ones it takes the newest, which must be the most selective.
    "drop index runs_recent",
    "create index runs_recent on runs (tenant_id, id)",
    "drop index runs_agent",
    "create index runs_agent on runs (agent_id, id)",
    "drop index runs_session",
    "create index runs_session on runs (session_id)",
    "drop index runs_open",
    "create index runs_open on runs (tenant_id, session_id, status) where ended_at is null",
    "drop index runs_unfinished",
    "create index runs_unfinished on runs (tenant_id, status, id) where finish is null and ended_at is not null",
    "create index runs_uncounted on runs (tenant_id, id) where is_counted = 0",
    "create index runs_children on runs (parent_run_id) where parent_run_id is not null",

    "alter table usage_records add column is_counted integer not null default 0",
    "create index usage_records_uncounted on usage_records (tenant_id, id) where run_id = '' and is_counted = 0",
  ],
  own: {
    sqlite: [
      // Reads visit ranges of the primary key, so its order is that of the rows.
      `${ROLLUPS} without rowid`,
      `update runs set input_tokens = coalesce(json_extract(usage, '$.input_tokens'), 0),
        output_tokens = coalesce(json_extract(usage, '$.output_tokens'), 0)`,
      `update runs set duration_ms = max(0, cast(round((julianday(ended_at) - julianday(created_at)) * 86400000) as integer))
        where ended_at is not null`,
    ],
    postgres: [
      ROLLUPS,
      `update runs set input_tokens = coalesce(cast(cast(usage as json) ->> 'input_tokens' as bigint), 0),
        output_tokens = coalesce(cast(cast(usage as json) ->> 'output_tokens' as bigint), 0)`,
      `update runs set duration_ms = greatest(0, cast(round(extract(epoch from
        cast(ended_at as timestamptz) - cast(created_at as timestamptz)) * 1000) as bigint)) where ended_at is not null`,
    ],
  },
};
