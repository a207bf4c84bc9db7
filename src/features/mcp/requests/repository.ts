import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { McpAccessRequestsTable } from "#db/mcp-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { McpRequest } from "#features/mcp/requests/schema.ts";

export const toMcpRequest = (row: McpAccessRequestsTable): McpRequest => ({
  id: row.id,
  server_id: row.server_id,
  agent_id: row.agent_id ?? undefined,
  user_id: row.user_id ?? undefined,
  scope: row.scope,
  status: row.status,
  reason: row.reason || undefined,
  tool_allow: row.tool_allow === null ? undefined : fromJson<string[]>(row.tool_allow),
  requested_by: row.requested_by,
  reviewed_by: row.reviewed_by ?? undefined,
  reviewed_at: row.reviewed_at ?? undefined,
  review_note: row.review_note || undefined,
  created_at: row.created_at,
});

/** Reads a request by id and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export async function lockRequestRow(queries: TenantQueries, id: string): Promise<McpAccessRequestsTable> {
  const row = isUuid(id)
    ? await queries
        .selectForUpdate("mcp_access_requests")
        .selectAll()
        .where("id", "=", id.toLowerCase())
        .executeTakeFirst()
    : undefined;
  if (!row) throw notFound("mcp_request", id);
  return row;
}

/** The most requests of one answer. The list has no pages. */
const MAX_LISTED = 1_000;

/** Lists requests, the oldest first. Callers who are no administrators see their own. */
export async function listRequests(
  ctx: Context,
  { status }: { readonly status: McpRequest["status"] | "all" },
): Promise<McpRequest[]> {
  const rows = await ctx.db.read
    .selectFrom("mcp_access_requests")
    .selectAll()
    .$if(status !== "all", (query) => query.where("status", "=", status as McpRequest["status"]))
    .$if(!hasRole(ctx, "admin"), (query) => query.where("requested_by", "=", ctx.userId))
    .orderBy("created_at")
    .orderBy("id")
    .limit(MAX_LISTED)
    .execute();
  return rows.map(toMcpRequest);
}
