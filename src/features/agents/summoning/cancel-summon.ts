import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentSummonCancelled } from "#features/agents/events.ts";
import { FAILED } from "#features/agents/summoning/schema.ts";
import { failSummon } from "#features/agents/summoning/store-summon.ts";

/** Stops a summoning. What its model writes is dropped. Throws `FAILED_PRECONDITION` if there is none. */
export async function cancelSummon(ctx: Context, input: { readonly id: string }): Promise<typeof FAILED> {
  requireUser(ctx);
  return mutate(ctx, agentSummonCancelled, async (queries) => {
    const { id, key, status } = await lockOwnedAgent(ctx, queries, input.id, "stop the summoning of");
    if (status !== "summoning") throw failedPrecondition("error.not_summoning", { id: key }, "not_summoning");
    await failSummon(queries, id, "cancelled", ctx.clock.now());
    return { entityId: id, value: FAILED, details: { agent_key: key } };
  });
}
