import type { TenantId } from "#base/ids.ts";
import type { ActivityLogsTable, SpansTable, UsageRecordsTable } from "#db/record-tables.ts";

/**
 * The rows as both databases store them. Ids and times (RFC 3339, UTC) are text, JSON is text, booleans are 0 or 1.
 * `null` means "known to be empty".
 */
export interface Tables {
  tenants: TenantsTable;
  tenant_users: TenantUsersTable;
  api_keys: ApiKeysTable;
  llm_providers: LlmProvidersTable;
  agents: AgentsTable;
  agent_shares: AgentSharesTable;
  agent_context_files: AgentContextFilesTable;
  sessions: SessionsTable;
  messages: MessagesTable;
  runs: RunsTable;
  run_inputs: RunInputsTable;
  run_events: RunEventsTable;
  tool_calls: ToolCallsTable;
  spans: SpansTable;
  usage_records: UsageRecordsTable;
  activity_logs: ActivityLogsTable;
  idempotency_keys: IdempotencyKeysTable;
  builtin_tool_settings: BuiltinToolSettingsTable;
}

export type Bit = 0 | 1;

export interface TenantsTable {
  id: TenantId;
  name: string;
  slug: string;
  status: "active" | "suspended" | "archived";
  settings: string;
  created_at: string;
  updated_at: string;
}

export interface TenantUsersTable {
  tenant_id: TenantId;
  user_id: string;
  role: string;
  created_at: string;
}

/** `tenant_id` null: a key of the system, which may act in any tenant. */
export interface ApiKeysTable {
  id: string;
  tenant_id: TenantId | null;
  name: string;
  prefix: string;
  key_hash: string;
  scopes: string;
  owner_id: string | null;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  created_by: string;
  created_at: string;
  updated_at: string;
}

export interface LlmProvidersTable {
  id: string;
  tenant_id: TenantId;
  name: string;
  display_name: string;
  provider_type: string;
  api_base: string;
  api_key: string;
  enabled: Bit;
  settings: string;
  created_at: string;
  updated_at: string;
}

/** `config` holds every setting of the agent that no query looks at. */
export interface AgentsTable {
  id: string;
  tenant_id: TenantId;
  agent_key: string;
  owner_id: string;
  provider: string;
  model: string;
  status: string;
  is_default: Bit;
  config: string;
  created_at: string;
  updated_at: string;
}

export interface AgentSharesTable {
  id: string;
  tenant_id: TenantId;
  agent_id: string;
  user_id: string;
  role: string;
  granted_by: string;
  created_at: string;
  updated_at: string;
}

export interface AgentContextFilesTable {
  tenant_id: TenantId;
  agent_id: string;
  file_name: string;
  content: string;
  updated_at: string;
}

/**
 * A session points into a tree of messages: its transcript is the path from `head_id` to the root.
 * What the model reads begins after `summary_until_id`, with `summary` before it; `text_bytes` is its size.
 */
export interface SessionsTable {
  id: string;
  tenant_id: TenantId;
  key: string;
  agent_id: string;
  user_id: string;
  channel: string;
  label: string;
  metadata: string;
  head_id: string | null;
  active_run_id: string | null;
  summary: string;
  summary_until_id: string | null;
  compaction_count: number;
  message_count: number;
  text_bytes: number;
  input_tokens: number;
  output_tokens: number;
  created_at: string;
  updated_at: string;
}

/** Never changed after it is written. `depth` counts from 0 at the root of its path. */
export interface MessagesTable {
  id: string;
  tenant_id: TenantId;
  session_id: string;
  parent_id: string | null;
  depth: number;
  role: string;
  parts: string;
  run_id: string | null;
  is_complete: Bit;
  created_at: string;
}

/**
 * `attempt` fences: every write of a run names the attempt it belongs to; `deaths` counts the attempts whose process
 * died. `pending_input` holds the messages of a run that waits for its session until they join the transcript; a run that
 * ends before its turn keeps them.
 */
export interface RunsTable {
  id: string;
  tenant_id: TenantId;
  agent_id: string;
  agent_key: string;
  session_id: string;
  session_key: string;
  user_id: string;
  kind: string;
  status: string;
  is_attached: Bit;
  is_resumable: Bit;
  finish: string | null;
  attempt: number;
  deaths: number;
  queue_priority: number;
  lease_owner: string | null;
  lease_until: string | null;
  cancel_reason: string | null;
  last_seq: number;
  pending_input: string | null;
  input_preview: string;
  options: string;
  output: string | null;
  error: string | null;
  usage: string;
  cost: number;
  trace_id: string;
  parent_run_id: string | null;
  metadata: string;
  created_at: string;
  started_at: string | null;
  /** Null while the run is open: queued, running or waiting. */
  ended_at: string | null;
}

/** A message that steers a run under way; `message_id` once it has joined the transcript. */
export interface RunInputsTable {
  id: string;
  tenant_id: TenantId;
  run_id: string;
  messages: string;
  message_id: string | null;
  created_at: string;
}

export interface RunEventsTable {
  run_id: string;
  /** Of the last of its events. */
  seq: number;
  tenant_id: TenantId;
  /** What one transaction told, as a JSON list in its order. */
  events: string;
  created_at: string;
}

export interface ToolCallsTable {
  id: string;
  tenant_id: TenantId;
  run_id: string;
  message_id: string;
  position: number;
  name: string;
  arguments: string;
  effect: string;
  state: "pending" | "running" | "done" | "unknown" | "client";
  result: string | null;
  is_error: Bit;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** What a tenant's administrators set for a built-in tool; no row means that nothing was set. Secrets in it are sealed. */
export interface BuiltinToolSettingsTable {
  tenant_id: TenantId;
  name: string;
  enabled: Bit;
  settings: string;
  updated_at: string;
}

/** `owner` is the process that runs the first call; `applied`: its effect is committed, its answer not yet kept. */
export interface IdempotencyKeysTable {
  tenant_id: TenantId;
  principal: string;
  route: string;
  key: string;
  request_hash: string;
  state: "running" | "applied" | "done";
  owner: string;
  answer: string | null;
  run_id: string | null;
  created_at: string;
  expires_at: string;
}
