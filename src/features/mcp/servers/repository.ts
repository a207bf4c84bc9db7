import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import type { McpServersTable } from "#db/mcp-tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { CredentialRow } from "#features/mcp/seal-credentials.ts";
import { maskCredentials } from "#features/mcp/seal-credentials.ts";
import type { ListedMcpServer, McpServer, McpServerWithStory } from "#features/mcp/servers/schema.ts";
import { mcpConnections, type ServerState } from "#mcp/index.ts";

export function toMcpServer(row: McpServersTable): McpServer {
  const { display_name, command, url, tool_prefix } = row;
  const args = fromJson<string[]>(row.args);
  return {
    id: row.id,
    name: row.name,
    display_name: display_name || undefined,
    transport: row.transport,
    command: command || undefined,
    args: args.length > 0 ? args : undefined,
    url: url || undefined,
    ...maskCredentials(row),
    tool_prefix: tool_prefix || undefined,
    timeout_sec: row.timeout_sec,
    settings: fromJson(row.settings),
    enabled: fromBit(row.enabled),
    created_by: row.created_by,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Returns the place to which the credentials of a server are sealed. */
export const serverCredentialRow = ({ id, tenant_id }: Pick<McpServersTable, "id" | "tenant_id">): CredentialRow => ({
  table: "mcp_servers",
  row: id,
  tenant: tenant_id,
});

export const getServerRow = (queries: TenantReads, id: string): Promise<McpServersTable> =>
  getRow(queries.selectFrom("mcp_servers"), id);

/** Reads a server by id and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export const lockServerRow = (queries: TenantQueries, id: string): Promise<McpServersTable> =>
  getRow(queries.selectForUpdate("mcp_servers"), id);

async function getRow(rows: Select<"mcp_servers">, id: string): Promise<McpServersTable> {
  const row = isUuid(id) ? await rows.selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
  if (!row) throw notFound("mcp_server", id);
  return row;
}

/** The most servers of one answer. The list has no pages. */
const MAX_LISTED = 1_000;

export async function listServers(ctx: Context): Promise<ListedMcpServer[]> {
  const { read } = ctx.db;
  const [rows, counts] = await Promise.all([
    read.selectFrom("mcp_servers").selectAll().orderBy("name").limit(MAX_LISTED).execute(),
    read
      .selectFrom("mcp_agent_grants")
      .select(["server_id", ({ fn }) => fn.countAll<number | string>().as("count")])
      .groupBy("server_id")
      .execute(),
  ]);
  // Postgres counts in 64 bits, which arrive as text.
  const countOf = new Map(counts.map(({ server_id, count }) => [server_id, Number(count)]));
  const { tenantId } = ctx;
  const pool = ctx.use(mcpConnections);
  const stateOf = ({ id }: McpServersTable) => toState(pool.stateOf({ tenantId, serverId: id }));
  return rows.map((row) => ({ ...toMcpServer(row), agent_count: countOf.get(row.id) ?? 0, ...stateOf(row) }));
}

/** Returns a server with what this process knows of its connections. Throws `NOT_FOUND`. */
export async function getServer(ctx: Context, input: { readonly id: string }): Promise<McpServerWithStory> {
  const row = await getServerRow(ctx.db.read, input.id);
  const known = ctx.use(mcpConnections).stateOf({ tenantId: ctx.tenantId, serverId: row.id });
  return { ...toMcpServer(row), ...toState(known), story: [...known.story] };
}

const toState = ({ state, since, error, toolCount }: ServerState) => ({ state, since, error, tool_count: toolCount });
