import type { Migration } from "#db/migrations/migration.ts";

/** The first schema, in SQL that both SQLite and Postgres accept. */
export const initial: Migration = {
  name: "0001-initial",
  statements: [
    `create table tenants (
      id text primary key, name text not null, slug text not null unique, status text not null,
      settings text not null, created_at text not null, updated_at text not null)`,

    `create table tenant_users (
      tenant_id text not null references tenants (id) on delete cascade, user_id text not null, role text not null,
      created_at text not null, primary key (tenant_id, user_id))`,

    `create table api_keys (
      id text primary key, tenant_id text references tenants (id) on delete cascade, name text not null,
      prefix text not null, key_hash text not null unique, scopes text not null, owner_id text, expires_at text,
      last_used_at text, revoked_at text, created_by text not null, created_at text not null, updated_at text not null)`,
    "create index api_keys_tenant on api_keys (tenant_id, created_at)",

    `create table llm_providers (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, name text not null,
      display_name text not null, provider_type text not null, api_base text not null, api_key text not null,
      enabled integer not null, settings text not null, created_at text not null, updated_at text not null,
      unique (tenant_id, name))`,

    `create table agents (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, agent_key text not null,
      owner_id text not null, provider text not null, model text not null, status text not null,
      is_default integer not null, config text not null, created_at text not null, updated_at text not null,
      unique (tenant_id, agent_key))`,
    "create unique index agents_default on agents (tenant_id) where is_default = 1",

    `create table agent_shares (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, user_id text not null, role text not null,
      granted_by text not null, created_at text not null, updated_at text not null, unique (agent_id, user_id))`,
    "create index agent_shares_user on agent_shares (tenant_id, user_id)",

    `create table agent_context_files (
      tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, file_name text not null, content text not null,
      updated_at text not null, primary key (agent_id, file_name))`,

    `create table sessions (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, key text not null,
      agent_id text not null references agents (id) on delete cascade, user_id text not null, channel text not null,
      label text not null, metadata text not null, head_id text, active_run_id text, summary text not null,
      summary_until_id text, compaction_count integer not null, message_count integer not null,
      text_bytes bigint not null, input_tokens bigint not null, output_tokens bigint not null,
      created_at text not null, updated_at text not null, unique (tenant_id, key))`,
    "create index sessions_recent on sessions (tenant_id, updated_at)",
    "create index sessions_user on sessions (tenant_id, user_id, updated_at)",
    "create index sessions_agent on sessions (agent_id)",

    `create table messages (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade,
      session_id text not null, parent_id text, depth integer not null, role text not null, parts text not null,
      run_id text, is_complete integer not null, created_at text not null)`,
    "create index messages_session on messages (session_id)",
    "create index messages_parent on messages (parent_id)",

    `create table runs (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, agent_key text not null,
      session_id text not null, session_key text not null, user_id text not null, kind text not null,
      status text not null, is_attached integer not null, is_resumable integer not null, finish text,
      attempt integer not null, deaths integer not null, queue_priority integer not null, lease_owner text, lease_until text, cancel_reason text, last_seq integer not null,
      pending_input text, input_preview text not null, options text not null, output text, error text,
      usage text not null, cost double precision not null, trace_id text not null, parent_run_id text,
      metadata text not null, created_at text not null, started_at text, ended_at text)`,
    "create index runs_recent on runs (tenant_id, created_at)",
    "create index runs_session on runs (session_id, status)",
    "create index runs_agent on runs (agent_id)",
    "create index runs_open on runs (status, lease_until) where status in ('queued', 'running', 'waiting')",

    `create table run_inputs (
      id text primary key, tenant_id text not null, run_id text not null references runs (id) on delete cascade,
      messages text not null, message_id text, created_at text not null)`,
    "create index run_inputs_run on run_inputs (run_id, message_id)",

    `create table run_events (
      run_id text not null references runs (id) on delete cascade, seq integer not null, tenant_id text not null,
      type text not null, body text not null, created_at text not null, primary key (run_id, seq))`,

    `create table tool_calls (
      id text primary key, tenant_id text not null, run_id text not null references runs (id) on delete cascade,
      message_id text not null, position integer not null, name text not null, arguments text not null,
      effect text not null, state text not null, result text, is_error integer not null, created_at text not null,
      started_at text, ended_at text)`,
    "create index tool_calls_message on tool_calls (message_id, position)",
    "create index tool_calls_run on tool_calls (run_id)",

    `create table spans (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, trace_id text not null,
      parent_span_id text, run_id text not null, agent_id text not null, span_type text not null, name text not null,
      status text not null, error text, model text, provider text, input_tokens bigint not null,
      output_tokens bigint not null, cost double precision not null, finish_reason text, tool_name text,
      tool_call_id text, started_at text not null, ended_at text not null, duration_ms integer not null)`,
    "create index spans_trace on spans (trace_id, started_at)",
    "create index spans_run on spans (run_id)",

    `create table usage_records (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, run_id text not null,
      agent_id text not null, session_id text not null, user_id text not null, provider text not null,
      model text not null, input_tokens bigint not null, output_tokens bigint not null,
      cache_read_tokens bigint not null, cache_write_tokens bigint not null, reasoning_tokens bigint not null,
      cost double precision not null, created_at text not null)`,
    "create index usage_records_recent on usage_records (tenant_id, created_at)",
    "create index usage_records_run on usage_records (run_id)",

    `create table activity_logs (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, actor_type text not null,
      actor_id text not null, action text not null, entity_type text not null, entity_id text not null, details text,
      ip_address text not null, created_at text not null)`,
    "create index activity_logs_recent on activity_logs (tenant_id, created_at)",

    `create table idempotency_keys (
      tenant_id text not null references tenants (id) on delete cascade, principal text not null, route text not null,
      key text not null, request_hash text not null, state text not null, owner text not null,
      answer text, run_id text, created_at text not null, expires_at text not null,
      primary key (tenant_id, principal, route, key))`,
    "create index idempotency_keys_expiry on idempotency_keys (expires_at)",
  ],
};
