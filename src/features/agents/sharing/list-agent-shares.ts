import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { requireOwner } from "#features/agents/access.ts";
import { findAgent, listShares } from "#features/agents/repository.ts";
import type { AgentShare } from "#features/agents/schema.ts";

export async function listAgentShares(ctx: Context, input: { readonly id: string }): Promise<AgentShare[]> {
  const agent = await findAgent(ctx.db.read, input.id);
  if (!agent) throw notFound("agent", input.id);
  requireOwner(ctx, agent, "see its shares");
  return listShares(ctx.db.read, agent.id);
}
