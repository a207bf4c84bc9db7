import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentShared } from "#features/agents/events.ts";
import { DONE, type ShareAgentInput } from "#features/agents/schema.ts";

/** Gives another user access to the agent, or changes the role of a user who has access. */
export async function shareAgent(ctx: Context, { id, user_id, role }: ShareAgentInput): Promise<typeof DONE> {
  requireUser(ctx);
  const now = toTimestamp(ctx.clock.now());
  return mutate(ctx, agentShared, async (queries) => {
    const agent = await lockOwnedAgent(ctx, queries, id, "share");
    const share = { id: newId(), agent_id: agent.id, user_id, role, granted_by: ctx.userId };
    await queries
      .insertInto("agent_shares", { ...share, created_at: now, updated_at: now })
      .onConflict((conflict) =>
        conflict.columns(["agent_id", "user_id"]).doUpdateSet({ role, granted_by: ctx.userId, updated_at: now }),
      )
      .execute();
    return { entityId: agent.id, value: DONE, details: { user_id, role } };
  });
}
