import type { Migration } from "#db/migrations/migration.ts";

/**
 * Reduces the number of index entries. Every chat writes to these tables, and an index entry costs about as much as a
 * row. Queries find spans by trace and usage by run, so these columns lead the primary keys. Unused indexes are
 * dropped. Only small indexes contain the status of a run.
 */
export const fewerIndexEntries: Migration = {
  name: "0003-fewer-index-entries",
  statements: [
    "alter table spans rename to spans_before",
    `create table spans (
      id text not null, tenant_id text not null references tenants (id) on delete cascade, trace_id text not null,
      parent_span_id text, run_id text not null, agent_id text not null, span_type text not null, name text not null,
      status text not null, error text, model text, provider text, input_tokens bigint not null,
      output_tokens bigint not null, cost double precision not null, finish_reason text, tool_name text,
      tool_call_id text, started_at text not null, ended_at text not null, duration_ms integer not null,
      primary key (trace_id, id))`,
    "insert into spans select * from spans_before",
    "drop table spans_before",

    "alter table usage_records rename to usage_records_before",
    `create table usage_records (
      id text not null, tenant_id text not null references tenants (id) on delete cascade, run_id text not null,
      agent_id text not null, session_id text not null, user_id text not null, provider text not null,
      model text not null, input_tokens bigint not null, output_tokens bigint not null,
      cache_read_tokens bigint not null, cache_write_tokens bigint not null, reasoning_tokens bigint not null,
      cost double precision not null, created_at text not null, primary key (run_id, id))`,
    "insert into usage_records select * from usage_records_before",
    "drop table usage_records_before",

    "drop index messages_parent",
    "create index messages_parent on messages (parent_id) where parent_id is not null",

    "drop index runs_session",
    "create index runs_session on runs (session_id)",
    "drop index runs_open",
    "create index runs_open on runs (session_id, status) where status in ('queued', 'running', 'waiting')",
  ],
};
