import { toTimestamp } from "#base/clock.ts";
import { permissionDenied, required } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { McpAccessRequestsTable } from "#db/mcp-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { getAccessibleAgent } from "#features/agents/index.ts";
import { requestCreated } from "#features/mcp/events.ts";
import { toMcpRequest } from "#features/mcp/requests/repository.ts";
import type { CreateMcpRequestInput, McpRequest } from "#features/mcp/requests/schema.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/**
 * Asks administrators for access to a server, for the caller or for an agent that the caller may use. Throws 403 for
 * other users and agents. An open request for the same is returned in place of a second one.
 */
export async function createRequest(ctx: Context, input: CreateMcpRequestInput): Promise<McpRequest> {
  const subject = await findSubject(ctx, input);
  return mutate(ctx, requestCreated, async (queries) => {
    const server = await lockServerRow(queries, input.server_id);
    const open = await findOpen(queries, server.id, subject, ctx.userId);
    if (open) return { unchanged: toMcpRequest(open) };
    const row: McpAccessRequestsTable = {
      id: newId(),
      tenant_id: ctx.tenantId,
      server_id: server.id,
      ...subject,
      status: "pending",
      reason: input.reason ?? "",
      tool_allow: input.tool_allow ? toJson(input.tool_allow) : null,
      requested_by: ctx.userId,
      reviewed_by: null,
      reviewed_at: null,
      review_note: null,
      created_at: toTimestamp(ctx.clock.now()),
    };
    await queries.insertInto("mcp_access_requests", row).execute();
    const details = { server_id: server.id, scope: row.scope };
    return { entityId: row.id, userId: ctx.userId, value: toMcpRequest(row), details };
  });
}

/** For whom a request is. */
type Subject = Pick<McpAccessRequestsTable, "scope" | "agent_id" | "user_id">;

async function findSubject(ctx: Context, { scope, agent_id, user_id }: CreateMcpRequestInput): Promise<Subject> {
  if ((scope ?? (agent_id === undefined ? "user" : "agent")) === "agent") {
    if (agent_id === undefined) throw required("agent_id");
    const agent = await getAccessibleAgent(ctx, agent_id);
    return { scope: "agent", agent_id: agent.id, user_id: null };
  }
  const user = user_id ?? ctx.userId;
  if (user !== ctx.userId && !hasRole(ctx, "admin")) {
    throw permissionDenied("only administrators ask for other users");
  }
  return { scope: "user", agent_id: null, user_id: user };
}

const findOpen = (
  queries: TenantQueries,
  serverId: string,
  { agent_id, user_id }: Subject,
  requestedBy: string,
): Promise<McpAccessRequestsTable | undefined> =>
  queries
    .selectForUpdate("mcp_access_requests")
    .selectAll()
    .where("server_id", "=", serverId)
    .where("status", "=", "pending")
    .where("requested_by", "=", requestedBy)
    .where("agent_id", agent_id === null ? "is" : "=", agent_id)
    .where("user_id", user_id === null ? "is" : "=", user_id)
    .executeTakeFirst();
