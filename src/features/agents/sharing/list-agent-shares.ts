import type { Context } from "#core/context.ts";
import { getOwnedAgent } from "#features/agents/access.ts";
import { listShares } from "#features/agents/repository.ts";
import type { AgentShare } from "#features/agents/schema.ts";

export async function listAgentShares(ctx: Context, input: { readonly id: string }): Promise<AgentShare[]> {
  const agent = await getOwnedAgent(ctx, input.id, "see its shares");
  return listShares(ctx.db.read, agent.id);
}
