import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { requireOwner, requireUser } from "#features/agents/access.ts";
import { DEFAULT_AGENT_KEY, lockAgent } from "#features/agents/repository.ts";

/** Removes an agent with its shares, context files, sessions and runs; what was spent on it stays on record. */
export async function deleteAgent(ctx: Context, input: { readonly id: string }): Promise<void> {
  requireUser(ctx);
  await mutate(ctx, async (queries) => {
    const agent = await lockAgent(queries, input.id);
    requireOwner(ctx, agent, "delete");
    const { id, key } = agent;
    if (key === DEFAULT_AGENT_KEY) throw failedPrecondition("error.agent_is_default", {}, "agent_is_default");

    // Messages are the one table that no foreign key ties to the agent: all others follow it by `on delete cascade`.
    const sessions = queries.selectFrom("sessions").select("id").where("agent_id", "=", id);
    await queries.deleteFrom("messages").where("session_id", "in", sessions).execute();
    await queries.deleteFrom("agents").where("id", "=", id).execute();
    return { entityId: id, value: undefined, details: { agent_key: key } };
  });
}
