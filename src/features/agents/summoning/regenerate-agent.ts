import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { getOwnedAgent, lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentRegenerated } from "#features/agents/events.ts";
import { beginSummon } from "#features/agents/summoning/begin-summon.ts";
import { requireSummoner } from "#features/agents/summoning/can-summon.ts";
import { type RegenerateInput, SUMMONING } from "#features/agents/summoning/schema.ts";

const ACTION = "regenerate";

/**
 * Lets the agent's own model change its files in the background, as the prompt says. Without a prompt it writes them anew
 * from the description. Throws 503 if the model cannot, and `FAILED_PRECONDITION` if there is neither.
 */
export async function regenerateAgent(ctx: Context, input: RegenerateInput): Promise<typeof SUMMONING> {
  requireUser(ctx);
  const agent = await getOwnedAgent(ctx, input.id, ACTION);
  const prompt = input.prompt?.trim() || agent.settings.agent_description.trim();
  if (prompt === "") throw failedPrecondition("error.no_description", { id: agent.key }, "no_description");
  await requireSummoner(ctx, agent);
  return mutate(ctx, agentRegenerated, async (queries) => {
    const { id, key } = await lockOwnedAgent(ctx, queries, input.id, ACTION);
    await beginSummon(ctx, queries, { agentId: id, kind: "regenerate", prompt });
    return { entityId: id, value: SUMMONING, details: { agent_key: key } };
  });
}
