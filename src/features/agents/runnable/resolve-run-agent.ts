import { AppError, failedPrecondition, notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mayUseAgent, requireAgentAccess } from "#features/agents/access.ts";
import { findDefaultAgents } from "#features/agents/repository.ts";
import { agentDirectory } from "#features/agents/runnable/agent-directory.ts";
import { isRunnable } from "#features/agents/runnable/is-runnable.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

/**
 * Returns the agent of a run: the referenced one, or else the one in the request's header, or else the tenant's
 * default. Throws `NOT_FOUND`, 403 if the caller may not use the agent, and `FAILED_PRECONDITION` if its status is
 * neither "active" nor "summoning". An agent that is still being summoned runs with the context files it has.
 */
export async function resolveRunAgent(ctx: Context, reference: string | undefined): Promise<StoredAgent> {
  const requested = reference || ctx.options.agent;
  const agent = requested ? await getNamedAgent(ctx, requested) : await getDefaultAgent(ctx);
  if (!isRunnable(agent)) {
    throw failedPrecondition("error.agent_inactive", { id: agent.key }, "agent_inactive");
  }
  return agent;
}

async function getNamedAgent(ctx: Context, reference: string): Promise<StoredAgent> {
  const agent = await ctx.use(agentDirectory).find(ctx.db, reference);
  if (!agent) throw notFound("agent", reference);
  await requireAgentAccess(ctx, agent);
  return agent;
}

/**
 * Returns the agent with the default key if the caller may use it, and else the one marked as the default.
 * Throws `NOT_FOUND` if the tenant has neither.
 */
export async function getDefaultAgent(ctx: Context): Promise<StoredAgent> {
  const { keyed, marked } = await findDefaultAgents(ctx.db.read);
  if (keyed && (await mayUseAgent(ctx, keyed))) return keyed;
  if (marked) return marked;
  throw new AppError("NOT_FOUND", "error.no_default_agent", {}, { reason: "no_default_agent" });
}
