import type { Migration } from "#db/migrations/migration.ts";

const OF_TENANT = "tenant_id text not null references tenants (id) on delete cascade";
const OF_SERVER = "server_id text not null references mcp_servers (id) on delete cascade";
const CREDENTIALS = "api_key text not null, headers text not null, env text not null";
const FILTER = "tool_allow text, tool_deny text, granted_by text not null, created_at text not null";

/** MCP servers, who may use which of their tools, requests for that, and the credentials of single users. */
export const mcp: Migration = {
  name: "0017-mcp",
  statements: [
    `create table mcp_servers (
      ${OF_TENANT}, id text primary key, name text not null, display_name text not null, transport text not null,
      command text not null, args text not null, url text not null, ${CREDENTIALS}, tool_prefix text not null,
      timeout_sec integer not null, settings text not null, enabled integer not null, created_by text not null,
      created_at text not null, updated_at text not null, unique (tenant_id, name))`,
    `create table mcp_agent_grants (
      ${OF_TENANT}, id text primary key, ${OF_SERVER},
      agent_id text not null references agents (id) on delete cascade, enabled integer not null, ${FILTER},
      unique (server_id, agent_id))`,
    "create index mcp_agent_grants_by_agent on mcp_agent_grants (agent_id)",
    `create table mcp_user_grants (
      ${OF_TENANT}, id text primary key, ${OF_SERVER}, user_id text not null, enabled integer not null, ${FILTER},
      unique (server_id, user_id))`,
    "create index mcp_user_grants_by_user on mcp_user_grants (tenant_id, user_id)",
    `create table mcp_access_requests (
      ${OF_TENANT}, id text primary key, ${OF_SERVER}, agent_id text references agents (id) on delete cascade,
      user_id text, scope text not null, status text not null, reason text not null, tool_allow text,
      requested_by text not null, reviewed_by text, reviewed_at text, review_note text, created_at text not null)`,
    "create index mcp_access_requests_by_status on mcp_access_requests (tenant_id, status, created_at)",
    `create table mcp_user_credentials (
      ${OF_TENANT}, ${OF_SERVER}, user_id text not null, ${CREDENTIALS}, updated_at text not null,
      primary key (server_id, user_id))`,
    "create index mcp_user_credentials_by_user on mcp_user_credentials (tenant_id, user_id)",
  ],
};
