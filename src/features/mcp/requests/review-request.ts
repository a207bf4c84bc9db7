import { toTimestamp } from "#base/clock.ts";
import { AppError, failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { McpAccessRequestsTable } from "#db/mcp-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { requestReviewed } from "#features/mcp/events.ts";
import { type NewGrant, putAgentGrant, putUserGrant } from "#features/mcp/grants/repository.ts";
import { lockRequestRow } from "#features/mcp/requests/repository.ts";
import type { ReviewMcpRequestInput } from "#features/mcp/requests/schema.ts";

/**
 * Approves or rejects a request. An approval makes the grant in the same transaction. Throws `FAILED_PRECONDITION` for
 * a request that was reviewed before.
 */
export async function reviewRequest(ctx: Context, input: ReviewMcpRequestInput) {
  const isApproved = input.approved ?? (input.action === undefined ? undefined : input.action === "approve");
  // Either field decides, so none of them is the one that is missing.
  if (isApproved === undefined)
    throw new AppError("INVALID_REQUEST", "error.required", { field: "approved" }, { reason: "no_decision" });
  const status = isApproved ? "approved" : "rejected";

  return mutate(ctx, requestReviewed, async (queries) => {
    const row = await lockRequestRow(queries, input.id);
    if (row.status !== "pending") {
      throw failedPrecondition("error.mcp_request_reviewed", { id: row.id }, "mcp_request_reviewed");
    }
    const now = toTimestamp(ctx.clock.now());
    await queries
      .updateTable("mcp_access_requests")
      .set({ status, reviewed_by: ctx.userId, reviewed_at: now, review_note: input.note ?? null })
      .where("id", "=", row.id)
      .execute();
    if (isApproved) await grant(queries, row, { granted_by: ctx.userId, created_at: now });
    const details = { server_id: row.server_id, status };
    return { entityId: row.id, userId: row.requested_by, value: { status } as const, details };
  });
}

async function grant(
  queries: TenantQueries,
  { server_id, agent_id, user_id, tool_allow: stored }: McpAccessRequestsTable,
  by: Pick<NewGrant, "granted_by" | "created_at">,
): Promise<void> {
  const tool_allow = stored === null ? null : fromJson<readonly string[]>(stored);
  if (agent_id !== null) await putAgentGrant(queries, agent_id, { ...by, server_id, tool_allow });
  if (user_id !== null) await putUserGrant(queries, user_id, { ...by, server_id, tool_allow });
}
