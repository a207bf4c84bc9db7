import { notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import type { McpAgentGrantsTable } from "#db/mcp-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson, toBit, toJson } from "#db/values.ts";
import { findAgent, type StoredAgent } from "#features/agents/index.ts";
import type { McpAgentGrant } from "#features/mcp/grants/schema.ts";
import { getServerRow } from "#features/mcp/servers/repository.ts";

type Names = readonly string[] | null | undefined;

/** The fields of a new grant. */
export interface NewGrant {
  readonly server_id: string;
  readonly granted_by: string;
  readonly created_at: string;
  readonly tool_allow?: Names;
  readonly tool_deny?: Names;
}

/** Returns an agent by id or key. Throws `NOT_FOUND`. */
export async function getGrantedAgent(queries: TenantReads, reference: string): Promise<StoredAgent> {
  const agent = await findAgent(queries, reference);
  if (!agent) throw notFound("agent", reference);
  return agent;
}

/** Lets an agent use a server, or replaces the lists of an earlier grant. */
export async function putAgentGrant(queries: TenantQueries, agentId: string, grant: NewGrant): Promise<void> {
  const columns = toColumns(grant);
  const place = { id: newId(), server_id: grant.server_id, agent_id: agentId, created_at: grant.created_at };
  await queries
    .insertInto("mcp_agent_grants", { ...place, ...columns })
    .onConflict((conflict) => conflict.columns(["server_id", "agent_id"]).doUpdateSet(columns))
    .execute();
}

/** Lets a user use a server, or replaces the lists of an earlier grant. */
export async function putUserGrant(queries: TenantQueries, userId: string, grant: NewGrant): Promise<void> {
  const columns = toColumns(grant);
  const place = { id: newId(), server_id: grant.server_id, user_id: userId, created_at: grant.created_at };
  await queries
    .insertInto("mcp_user_grants", { ...place, ...columns })
    .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doUpdateSet(columns))
    .execute();
}

const toColumns = ({ tool_allow, tool_deny, granted_by }: NewGrant) => ({
  enabled: toBit(true),
  tool_allow: tool_allow ? toJson(tool_allow) : null,
  tool_deny: tool_deny ? toJson(tool_deny) : null,
  granted_by,
});

/** The most grants of one answer. The lists have no pages. */
const MAX_LISTED = 1_000;

/** Lists the servers that an agent may use, the oldest grant first. */
export async function listGrantsOfAgent(ctx: Context, reference: string): Promise<McpAgentGrant[]> {
  const agent = await getGrantedAgent(ctx.db.read, reference);
  const rows = await selectGrants(ctx.db.read).where("agent_id", "=", agent.id).execute();
  return rows.map((row) => ({ ...toGrant(row), config_overrides: null }));
}

/** Lists the agents that may use a server, the oldest grant first. */
export async function listGrantsOfServer(ctx: Context, id: string): Promise<McpAgentGrant[]> {
  const server = await getServerRow(ctx.db.read, id);
  const rows = await selectGrants(ctx.db.read).where("server_id", "=", server.id).execute();
  return rows.map((row) => {
    const grant = toGrant(row);
    return { ...grant, tool_allow: grant.tool_allow ?? [], tool_deny: grant.tool_deny ?? [], config_overrides: {} };
  });
}

const selectGrants = (queries: TenantReads) =>
  queries.selectFrom("mcp_agent_grants").selectAll().orderBy("created_at").orderBy("id").limit(MAX_LISTED);

const toGrant = ({ id, server_id, agent_id, enabled, tool_allow, tool_deny, ...row }: McpAgentGrantsTable) => ({
  id,
  server_id,
  agent_id,
  enabled: fromBit(enabled),
  tool_allow: tool_allow === null ? null : fromJson<string[]>(tool_allow),
  tool_deny: tool_deny === null ? null : fromJson<string[]>(tool_deny),
  granted_by: row.granted_by,
  created_at: row.created_at,
});
