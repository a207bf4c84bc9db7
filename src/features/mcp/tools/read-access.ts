import type { McpServersTable } from "#db/mcp-tables.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson, toBit } from "#db/values.ts";
import { type AccessServer, toAccessServer } from "#features/mcp/tools/access-server.ts";
import type { UserRules } from "#features/mcp/tools/granted-server.ts";
import type { ToolFilter } from "#features/mcp/tools/tool-filter.ts";

/** A server that an agent may use. */
export interface AgentGrant {
  readonly server: AccessServer;
  readonly filter: ToolFilter;
}

const ENABLED = sqlConstant(toBit(true));

/** Reads the enabled servers that an agent may use, by name. */
export async function readAgentGrants(queries: TenantReads, agentId: string): Promise<readonly AgentGrant[]> {
  const grants = await queries
    .selectFrom("mcp_agent_grants")
    .selectAll()
    .where("agent_id", "=", agentId)
    .where("enabled", "=", ENABLED)
    .execute();
  if (grants.length === 0) return [];
  const rows: readonly McpServersTable[] = await queries
    .selectFrom("mcp_servers")
    .selectAll()
    .where(
      "id",
      "in",
      grants.map(({ server_id }) => server_id),
    )
    .where("enabled", "=", ENABLED)
    .orderBy("name")
    .execute();
  const byServer = new Map(grants.map((grant) => [grant.server_id, grant]));
  return rows.map((row) => ({ server: toAccessServer(row), filter: toFilter(byServer.get(row.id)) }));
}

/** Reads the grants and the credentials of one user, by the ids of their servers. */
export async function readUserRules(queries: TenantReads, userId: string): Promise<UserRules> {
  const [grants, credentials] = await Promise.all([
    queries.selectFrom("mcp_user_grants").selectAll().where("user_id", "=", userId).execute(),
    queries.selectFrom("mcp_user_credentials").selectAll().where("user_id", "=", userId).execute(),
  ]);
  return {
    grants: new Map(
      grants.map((grant) => [grant.server_id, { isEnabled: fromBit(grant.enabled), filter: toFilter(grant) }]),
    ),
    credentials: new Map(credentials.map((row) => [row.server_id, row])),
  };
}

interface StoredFilter {
  readonly tool_allow: string | null;
  readonly tool_deny: string | null;
}

const toFilter = (stored: StoredFilter | undefined): ToolFilter => ({
  allow: fromJson<readonly string[]>(stored?.tool_allow ?? "[]"),
  deny: fromJson<readonly string[]>(stored?.tool_deny ?? "[]"),
});
