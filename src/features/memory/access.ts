import { AppError, invalidField, notFound, permissionDenied } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import {
  findAgent,
  getDefaultAgent,
  mayUseAgent,
  requireAgentAccess,
  type StoredAgent,
} from "#features/agents/index.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";

interface ViewInput {
  readonly agent_id?: string | undefined;
  readonly user_id?: string | undefined;
}

/**
 * Returns the part of the memory that a list shows the caller. Administrators see the whole tenant, others what an
 * agent remembers for them and for all. Resolves to undefined for an agent that does not exist.
 */
export async function findView(ctx: Context, input: ViewInput): Promise<MemoryView | undefined> {
  const { tenantId } = ctx;
  const reference = input.agent_id || ctx.options.agent;
  const isAdmin = hasRole(ctx, "admin");
  const userId = toViewer(ctx, input.user_id);
  if (!reference) return { tenantId, userId, agentId: isAdmin ? undefined : (await getDefaultAgent(ctx)).id };
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) return undefined;
  if (!isAdmin) await requireAgentAccess(ctx, agent);
  return { tenantId, userId, agentId: agent.id };
}

/** Returns the user through whose eyes the caller looks. Undefined for administrators who name nobody. */
export const toViewer = (ctx: Context, requested: string | undefined): string | undefined =>
  hasRole(ctx, "admin") ? requested : ctx.userId;

/** Returns the user whose document the caller writes, or "" for all users. Throws 403 for somebody else's. */
export function toWriter(ctx: Context, requested: string | undefined): string {
  if (hasRole(ctx, "admin")) return requested ?? "";
  if (requested !== undefined && requested !== ctx.userId) {
    throw permissionDenied("only administrators write what an agent remembers of others");
  }
  return ctx.userId;
}

/** Returns the agent of a new entry. Throws 400 if there is none, and 403 if the caller may not use it. */
export async function requireBodyAgent(ctx: Context, requested: string | undefined): Promise<StoredAgent> {
  const reference = requested || ctx.options.agent;
  if (!reference) throw new AppError("INVALID_REQUEST", "error.agent_required", {});
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw invalidField("agent_id", "an agent of this tenant");
  if (!hasRole(ctx, "admin")) await requireAgentAccess(ctx, agent);
  return agent;
}

/** Returns the agent in a path. Throws `NOT_FOUND`, and 403 if the caller may not use it. */
export async function getPathAgent(ctx: Context, reference: string): Promise<StoredAgent> {
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw notFound("agent", reference);
  if (!hasRole(ctx, "admin")) await requireAgentAccess(ctx, agent);
  return agent;
}

/**
 * Throws unless the caller may delete a document. Others than administrators delete their own; those of other users do
 * not exist for them.
 */
export async function requireDeletable(
  ctx: Context,
  { agent_id, user_id, id }: { readonly agent_id: string; readonly user_id: string; readonly id: string },
): Promise<void> {
  if (hasRole(ctx, "admin")) return;
  const agent = await findAgent(ctx.db.read, agent_id);
  const isVisible = user_id === "" || user_id === ctx.userId;
  if (!isVisible || !agent || !(await mayUseAgent(ctx, agent))) throw notFound("memory", id);
  if (user_id === "") throw new AppError("UNAUTHORIZED", "error.shared_memory_admin", {}, { status: 403 });
}
