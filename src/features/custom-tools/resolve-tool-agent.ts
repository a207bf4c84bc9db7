import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { findAgent } from "#features/agents/index.ts";

/** Returns the id of the agent that alone has a tool, or null for every agent. Throws 400 for an unknown agent. */
export async function resolveToolAgent(ctx: Context, reference: string | null): Promise<string | null> {
  if (reference === null) return null;
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw invalidField("agent_id", "an agent of this tenant");
  return agent.id;
}
