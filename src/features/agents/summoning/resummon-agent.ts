import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { getOwnedAgent, lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentResummoned } from "#features/agents/events.ts";
import { beginSummon } from "#features/agents/summoning/begin-summon.ts";
import { requireSummoner } from "#features/agents/summoning/can-summon.ts";
import { SUMMONING } from "#features/agents/summoning/schema.ts";

const ACTION = "resummon";

/**
 * Lets the agent's own model write the files that are still as they were at first, from the description. Throws 503 if
 * the model cannot, and `FAILED_PRECONDITION` without a description.
 */
export async function resummonAgent(ctx: Context, input: { readonly id: string }): Promise<typeof SUMMONING> {
  requireUser(ctx);
  const agent = await getOwnedAgent(ctx, input.id, ACTION);
  const description = agent.settings.agent_description.trim();
  if (description === "") throw failedPrecondition("error.no_description", { id: agent.key }, "no_description");
  await requireSummoner(ctx, agent);
  return mutate(ctx, agentResummoned, async (queries) => {
    const { id, key } = await lockOwnedAgent(ctx, queries, input.id, ACTION);
    await beginSummon(ctx, queries, { agentId: id, kind: "summon", prompt: description });
    return { entityId: id, value: SUMMONING, details: { agent_key: key } };
  });
}
