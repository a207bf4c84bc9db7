import { hasRole } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import { requireUser, seesAllAgents } from "#features/agents/access.ts";
import { listAllAgents, listUsableAgents } from "#features/agents/repository.ts";
import type { Agent } from "#features/agents/schema.ts";
import { toAgent } from "#features/agents/stored-agent.ts";

/** The agents that the caller may use, newest first. */
export async function listAgents(ctx: Context): Promise<Agent[]> {
  if (!hasRole(ctx, "admin")) requireUser(ctx);
  const { read } = ctx.db;
  const agents = await (seesAllAgents(ctx) ? listAllAgents(read) : listUsableAgents(read, ctx.userId));
  return agents.map(toAgent);
}
