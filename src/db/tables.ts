import type { TenantId } from "#base/ids.ts";
import type { DevicesTable, LoginsTable } from "#db/access/access-tables.ts";
import { CHANNEL_TABLE_OWNERS, type ChannelTables } from "#db/channels/channel-tables.ts";
import type { DomainEventsTable, IdempotencyKeysTable, JobsTable, NodesTable } from "#db/core/core-tables.ts";
import type { AgentLinksTable, DelegationsTable } from "#db/delegation-tables.ts";
import type {
  McpAccessRequestsTable,
  McpAgentGrantsTable,
  McpServersTable,
  McpUserCredentialsTable,
  McpUserGrantsTable,
} from "#db/mcp-tables.ts";
import type {
  MemoryChunksTable,
  MemoryDocumentsTable,
  MemorySignsTable,
  MemoryVectorsTable,
} from "#db/memory/memory-tables.ts";
import type {
  ActivityHeadsTable,
  ActivityLogsTable,
  MediaTable,
  SpansTable,
  UsageRebuildsTable,
  UsageRecordsTable,
  UsageRollupsTable,
  UsageUsersTable,
} from "#db/record-tables.ts";
import type {
  MessageBlobsTable,
  MessagePiecesTable,
  MessagesTable,
  ResponsesTable,
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
  devices: DevicesTable;
  logins: LoginsTable;
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
  responses: ResponsesTable;
  spans: SpansTable;
  usage_records: UsageRecordsTable;
  usage_rollups: UsageRollupsTable;
  usage_users: UsageUsersTable;
  usage_rebuilds: UsageRebuildsTable;
  activity_logs: ActivityLogsTable;
  activity_heads: ActivityHeadsTable;
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
  message_blobs: MessageBlobsTable;
  message_pieces: MessagePiecesTable;
  mcp_servers: McpServersTable;
  mcp_agent_grants: McpAgentGrantsTable;
  mcp_user_grants: McpUserGrantsTable;
  mcp_access_requests: McpAccessRequestsTable;
  mcp_user_credentials: McpUserCredentialsTable;
  memory_documents: MemoryDocumentsTable;
  memory_chunks: MemoryChunksTable;
  memory_vectors: MemoryVectorsTable;
  memory_signs: MemorySignsTable;
}

/** The folder that owns each table. A test fails if another folder writes it. */
export const TABLE_OWNERS: Readonly<Record<keyof Tables, string>> = {
  tenants: "src/features/tenants/",
  tenant_users: "src/features/tenants/",
  api_keys: "src/features/api-keys/",
  devices: "src/features/devices/",
  logins: "src/features/logins/",
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
  responses: "src/features/responses/",
  spans: "src/runtime/runs/",
  usage_rollups: "src/runtime/usage/",
  usage_users: "src/runtime/usage/",
  usage_rebuilds: "src/runtime/usage/",
  builtin_tool_settings: "src/features/builtin-tools/",
  activity_logs: "src/core/activity/",
  activity_heads: "src/core/activity/",
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
  message_blobs: "src/runtime/transcript/",
  message_pieces: "src/runtime/transcript/",
  mcp_servers: "src/features/mcp/",
  mcp_agent_grants: "src/features/mcp/",
  mcp_user_grants: "src/features/mcp/",
  mcp_access_requests: "src/features/mcp/",
  mcp_user_credentials: "src/features/mcp/",
  memory_documents: "src/features/memory/",
  memory_chunks: "src/features/memory/",
  memory_vectors: "src/features/memory/",
  memory_signs: "src/features/memory/",
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
