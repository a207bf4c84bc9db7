import { AppError, notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import { SYSTEM_USER } from "#core/access/authenticate.ts";
import type { Context } from "#core/context.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { findAgent, findShare, lockAgent } from "#features/agents/repository.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

/** Throws `INVALID_REQUEST` (400) if the request names no user who can own agents. Every agent needs an owner. */
export function requireUser(ctx: Context): void {
  if (!ctx.isUserKnown || ownerNameOf(ctx) === "")
    throw new AppError("INVALID_REQUEST", "error.user_header_required", {});
}

/**
 * Returns true for owners of the gateway and for administrators who name no user. They see every agent of the tenant.
 */
export const seesAllAgents = (ctx: Context): boolean =>
  hasRole(ctx, "owner") || (!ctx.isUserKnown && hasRole(ctx, "admin"));

/**
 * Returns the owner under whose name the caller has agents, or "" for none. A key can name any user, but the system's
 * agents belong to administrators.
 */
export const ownerNameOf = (ctx: Context): string =>
  ctx.userId === SYSTEM_USER && !hasRole(ctx, "admin") ? "" : ctx.userId;

/** Returns the user whose access to an agent a run of the caller needs, or undefined if no agent is closed to it. */
export const accessorOf = (ctx: Context): string | undefined => (seesAllAgents(ctx) ? undefined : ctx.userId);

/** Throws 403 unless the caller owns the agent or may see every agent of the tenant. */
function requireOwner(ctx: Context, agent: StoredAgent, action: string): void {
  if (seesAllAgents(ctx) || agent.ownerId === ownerNameOf(ctx)) return;
  throw new AppError("UNAUTHORIZED", "error.owner_only", { action }, { status: 403 });
}

/** Returns an agent by id or key. Throws 404 if the tenant has no such agent and 403 if the caller may not use it. */
export async function getAccessibleAgent(ctx: Context, reference: string): Promise<StoredAgent> {
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw notFound("agent", reference);
  await requireAgentAccess(ctx, agent);
  return agent;
}

/** Returns whether the caller may use the agent: its owner, users it is shared with, and everybody if it is the default. */
export async function mayUseAgent(ctx: Context, agent: StoredAgent): Promise<boolean> {
  if (agent.isDefault || agent.ownerId === ownerNameOf(ctx) || seesAllAgents(ctx)) return true;
  return (await findShare(ctx.db.read, agent.id, ctx.userId)) !== undefined;
}

/** Throws 403 unless the caller may use the agent. */
export async function requireAgentAccess(ctx: Context, agent: StoredAgent): Promise<void> {
  if (await mayUseAgent(ctx, agent)) return;
  throw new AppError("UNAUTHORIZED", "error.no_access", { entity: "agent" }, { status: 403 });
}

/**
 * Throws 403 unless the caller is an administrator. Calls that name no agent go to the agent with the default key or
 * mark, so only administrators decide which agent has them.
 */
export function requireDefaultAdmin(ctx: Context): void {
  if (!hasRole(ctx, "admin")) throw new AppError("UNAUTHORIZED", "error.default_agent_admin", {}, { status: 403 });
}

/**
 * Returns the agent with this id or key. Throws `NOT_FOUND`, or 403 unless the caller owns the agent or may see every
 * agent of the tenant.
 */
export async function getOwnedAgent(ctx: Context, reference: string, action: string): Promise<StoredAgent> {
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw notFound("agent", reference);
  requireOwner(ctx, agent, action);
  return agent;
}

/** The same inside a unit of writes. The row stays as it is until the unit ends. */
export async function lockOwnedAgent(
  ctx: Context,
  queries: TenantQueries,
  reference: string,
  action: string,
): Promise<StoredAgent> {
  const agent = await lockAgent(queries, reference);
  requireOwner(ctx, agent, action);
  return agent;
}
