import type { Context } from "#core/context.ts";
import { seesAllAgents } from "#features/agents/access.ts";
import { listAllAgents, listUsableAgents } from "#features/agents/repository.ts";
import type { Agent } from "#features/agents/schema.ts";
import { type StoredAgent, toAgent } from "#features/agents/stored-agent.ts";

/**
 * Lists the agents that the caller may use, newest first. A key without a user may use its own, shared and default
 * agents.
 */
export function listAccessibleAgents(ctx: Context): Promise<readonly StoredAgent[]> {
  const { read } = ctx.db;
  return seesAllAgents(ctx) ? listAllAgents(read) : listUsableAgents(read, ctx.userId);
}

export async function listAgents(ctx: Context): Promise<Agent[]> {
  return (await listAccessibleAgents(ctx)).map(toAgent);
}
