import type { TenantId } from "#base/ids.ts";
import { CHANNEL_TABLE_OWNERS, type ChannelTables } from "#db/channels/channel-tables.ts";
import type { AgentLinksTable, DelegationsTable } from "#db/delegation-tables.ts";
import type {
  McpAccessRequestsTable,
  McpAgentGrantsTable,
  McpServersTable,
  McpUserCredentialsTable,
  McpUserGrantsTable,
} from "#db/mcp-tables.ts";
import type { MemoryChunksTable, MemoryDocumentsTable } from "#db/memory/memory-tables.ts";
import type { ActivityLogsTable, MediaTable, SpansTable, UsageRecordsTable } from "#db/record-tables.ts";
import type {
  MessagesTable,
  RunEventsTable,
  RunInputsTable,
  RunsTable,
  SessionsTable,
  ToolCallsTable,
} from "#db/run-tables.ts";
import type {
  SkillAgentGrantsTable,
  SkillSettingsTable,
  SkillsTable,
  SkillUserGrantsTable,
  SkillVersionsTable,
} from "#db/skill-tables.ts";
import type { Bit } from "#db/values.ts";

/**
 * The tables and their rows, the same in both databases. Ids, times (RFC 3339, UTC) and JSON are text, booleans are 0
 * or 1. `null` means "known to be empty".
 */
export interface Tables extends ChannelTables {
  tenants: TenantsTable;
  tenant_users: TenantUsersTable;
  api_keys: ApiKeysTable;
  llm_providers: LlmProvidersTable;
  agents: AgentsTable;
  agent_shares: AgentSharesTable;
  agent_context_files: AgentContextFilesTable;
  agent_summons: AgentSummonsTable;
  agent_instances: AgentInstancesTable;
  custom_tools: CustomToolsTable;
  agent_links: AgentLinksTable;
  delegations: DelegationsTable;
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
  jobs: JobsTable;
  nodes: NodesTable;
  domain_events: DomainEventsTable;
  skills: SkillsTable;
  skill_versions: SkillVersionsTable;
  skill_agent_grants: SkillAgentGrantsTable;
  skill_user_grants: SkillUserGrantsTable;
  skill_settings: SkillSettingsTable;
  media: MediaTable;
  mcp_servers: McpServersTable;
  mcp_agent_grants: McpAgentGrantsTable;
  mcp_user_grants: McpUserGrantsTable;
  mcp_access_requests: McpAccessRequestsTable;
  mcp_user_credentials: McpUserCredentialsTable;
  memory_documents: MemoryDocumentsTable;
  memory_chunks: MemoryChunksTable;
}

/** The folder that owns each table. A test fails if another folder writes it. */
export const TABLE_OWNERS: Readonly<Record<keyof Tables, string>> = {
  tenants: "src/features/tenants/",
  tenant_users: "src/features/tenants/",
  api_keys: "src/features/api-keys/",
  llm_providers: "src/features/providers/",
  agents: "src/features/agents/",
  agent_shares: "src/features/agents/",
  agent_context_files: "src/features/agents/",
  agent_summons: "src/features/agents/",
  agent_instances: "src/features/instances/",
  custom_tools: "src/features/custom-tools/",
  agent_links: "src/features/delegation/",
  delegations: "src/features/delegation/",
  sessions: "src/runtime/transcript/",
  messages: "src/runtime/transcript/",
  tool_calls: "src/runtime/transcript/",
  runs: "src/runtime/runs/",
  run_inputs: "src/runtime/runs/",
  run_events: "src/runtime/runs/",
  usage_records: "src/runtime/runs/",
  spans: "src/runtime/model-calls/",
  builtin_tool_settings: "src/features/builtin-tools/",
  activity_logs: "src/core/",
  idempotency_keys: "src/core/idempotency/",
  jobs: "src/core/jobs/",
  nodes: "src/core/nodes/",
  domain_events: "src/core/events/",
  skills: "src/features/skills/",
  skill_versions: "src/features/skills/",
  skill_agent_grants: "src/features/skills/",
  skill_user_grants: "src/features/skills/",
  skill_settings: "src/features/skills/",
  media: "src/features/media/",
  mcp_servers: "src/features/mcp/",
  mcp_agent_grants: "src/features/mcp/",
  mcp_user_grants: "src/features/mcp/",
  mcp_access_requests: "src/features/mcp/",
  mcp_user_credentials: "src/features/mcp/",
  memory_documents: "src/features/memory/",
  memory_chunks: "src/features/memory/",
  ...CHANNEL_TABLE_OWNERS,
};

/** What most rows of a tenant have. */
interface TenantRow {
  tenant_id: TenantId;
  created_at: string;
  updated_at: string;
}

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

/** A row without `tenant_id` is a system key, which may act in any tenant. */
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

export interface LlmProvidersTable extends TenantRow {
  id: string;
  name: string;
  display_name: string;
  provider_type: string;
  api_base: string;
  api_key: string;
  api_keys: string;
  enabled: Bit;
  settings: string;
}

/** `config` holds the settings that no query filters by. */
export interface AgentsTable extends TenantRow {
  id: string;
  agent_key: string;
  owner_id: string;
  provider: string;
  model: string;
  status: string;
  is_default: Bit;
  config: string;
}

export interface AgentSharesTable extends TenantRow {
  id: string;
  agent_id: string;
  user_id: string;
  role: string;
  granted_by: string;
}

export interface AgentContextFilesTable {
  tenant_id: TenantId;
  agent_id: string;
  file_name: string;
  content: string;
  updated_at: string;
}

/** The latest summoning of an agent. Its token is empty once it has ended, and `error` says why one failed. */
export interface AgentSummonsTable extends TenantRow {
  agent_id: string;
  token: string;
  kind: string;
  prompt: string;
  error: string | null;
}

/** What an agent knows of one user. `user_file` is the user's own USER.md. */
export interface AgentInstancesTable extends TenantRow {
  agent_id: string;
  user_id: string;
  user_file: string | null;
  metadata: string;
}

/** `words` is the command as it was split. `env` holds sealed values by their names. Without an agent, all have it. */
export interface CustomToolsTable extends TenantRow {
  id: string;
  agent_id: string | null;
  name: string;
  command: string;
  words: string;
  env: string;
  enabled: Bit;
  config: string;
  created_by: string;
}

/** The settings of a built-in tool in one tenant. Secrets in them are sealed. Without a row, the defaults apply. */
export interface BuiltinToolSettingsTable {
  tenant_id: TenantId;
  name: string;
  enabled: Bit;
  settings: string;
  updated_at: string;
}

/**
 * `owner` is the process of the first call. In state `applied`, the effect is committed but the answer is not stored.
 */
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

/**
 * `attempt` is a fencing token: a worker whose lease has expired cannot write. `must_repeat` is 1 if the job was
 * enqueued again while it ran.
 */
export interface JobsTable {
  id: string;
  tenant_id: TenantId;
  name: string;
  /** At most one live job of a tenant has this name and key. */
  key: string | null;
  payload: string;
  run_at: string;
  attempt: number;
  max_attempts: number;
  lease_owner: string | null;
  lease_until: string | null;
  must_repeat: Bit;
  /** The error of the last failed attempt. */
  error: string | null;
  /** Set when the last attempt failed. A dead job stays in the table, so the operator can see it. */
  dead_at: string | null;
  created_at: string;
}

/** A running gateway. `home_mark` identifies its home directory on its machine. */
export interface NodesTable {
  node_id: string;
  boot_id: string;
  home_mark: string;
  lease_until: string;
}

/** A recent change for the other nodes. `node` is the process that made it, and `event` is JSON. */
export interface DomainEventsTable {
  id: string;
  tenant_id: TenantId;
  node: string;
  event: string;
  created_at: string;
}
