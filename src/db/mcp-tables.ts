import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

/** `headers` and `env` are JSON objects whose values are sealed. */
interface McpCredentials {
  api_key: string;
  headers: string;
  env: string;
}

export interface McpServersTable extends McpCredentials {
  tenant_id: TenantId;
  id: string;
  name: string;
  display_name: string;
  transport: string;
  command: string;
  args: string;
  url: string;
  tool_prefix: string;
  timeout_sec: number;
  settings: string;
  enabled: Bit;
  created_by: string;
  created_at: string;
  updated_at: string;
}

/** Lists of tool names are JSON. Null stands for no list. */
interface McpGrant {
  tenant_id: TenantId;
  id: string;
  server_id: string;
  enabled: Bit;
  tool_allow: string | null;
  tool_deny: string | null;
  granted_by: string;
  created_at: string;
}

export interface McpAgentGrantsTable extends McpGrant {
  agent_id: string;
}

export interface McpUserGrantsTable extends McpGrant {
  user_id: string;
}

export interface McpAccessRequestsTable {
  tenant_id: TenantId;
  id: string;
  server_id: string;
  agent_id: string | null;
  user_id: string | null;
  scope: "agent" | "user";
  status: "pending" | "approved" | "rejected";
  reason: string;
  tool_allow: string | null;
  requested_by: string;
  reviewed_by: string | null;
  reviewed_at: string | null;
  review_note: string | null;
  created_at: string;
}

/** What one user gives a server instead of the server's own credentials. */
export interface McpUserCredentialsTable extends McpCredentials {
  tenant_id: TenantId;
  server_id: string;
  user_id: string;
  updated_at: string;
}
