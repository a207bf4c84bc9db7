import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { cutPage, jsonBytes } from "#core/cut-page.ts";
import { ownerNameOf, seesAllAgents } from "#features/agents/access.ts";
import { type AgentPage, listAllAgents, listUsableAgents } from "#features/agents/repository.ts";
import type { Agent, ListAgentsInput } from "#features/agents/schema.ts";
import { type StoredAgent, toAgent } from "#features/agents/stored-agent.ts";

const ALL: AgentPage = { limit: LIMITS.agentsMax, offset: 0, q: "" };

/**
 * Lists the agents that the caller may use, newest first. A key without a user may use its own, shared and default
 * agents.
 */
export function listAccessibleAgents(ctx: Context, page = ALL): Promise<readonly StoredAgent[]> {
  const { read } = ctx.db;
  return seesAllAgents(ctx) ? listAllAgents(read, page) : listUsableAgents(read, ownerNameOf(ctx), page);
}

/** Lists agents in pages. A page ends early after `LIMITS.pageBytes`. */
export async function listAgents(ctx: Context, page: ListAgentsInput): Promise<Agent[]> {
  const agents = (await listAccessibleAgents(ctx, page)).map(toAgent);
  return [...cutPage(agents, jsonBytes)];
}
