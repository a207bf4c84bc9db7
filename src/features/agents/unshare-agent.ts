import { notFound } from "#base/errors.ts";
import { isUserId } from "#core/authenticate.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { requireOwner, requireUser } from "#features/agents/access.ts";
import { findAgent, findShare } from "#features/agents/repository.ts";
import type { AgentSharePath } from "#features/agents/schema.ts";

/** Takes a user's access away. Taking away what is not there changes nothing. */
export async function unshareAgent(ctx: Context, { id, userID: user_id }: AgentSharePath): Promise<void> {
  requireUser(ctx);
  const agent = await findAgent(ctx.db.read, id);
  if (!agent) throw notFound("agent", id);
  requireOwner(ctx, agent, "share");
  const share = isUserId(user_id) ? await findShare(ctx.db.read, agent.id, user_id) : undefined;
  if (!share) return;

  await mutate(ctx, async (queries) => {
    await queries.deleteFrom("agent_shares").where("id", "=", share.id).execute();
    return { entityId: agent.id, value: undefined, details: { user_id } };
  });
}
