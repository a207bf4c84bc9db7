import { isUserId } from "#core/access/identity.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentShareRevoked } from "#features/agents/events.ts";
import { findShare } from "#features/agents/repository.ts";
import type { AgentSharePath } from "#features/agents/schema.ts";

/** Revokes a user's access. Revoking it again changes nothing. */
export async function unshareAgent(ctx: Context, { id, userID: user_id }: AgentSharePath): Promise<void> {
  requireUser(ctx);
  await mutate(ctx, agentShareRevoked, async (queries) => {
    const agent = await lockOwnedAgent(ctx, queries, id, "share");
    const share = isUserId(user_id) ? await findShare(queries, agent.id, user_id) : undefined;
    if (!share) return { unchanged: undefined };

    await queries.deleteFrom("agent_shares").where("id", "=", share.id).execute();
    return { entityId: agent.id, value: undefined, details: { user_id } };
  });
}
