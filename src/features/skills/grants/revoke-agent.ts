import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { findAgent } from "#features/agents/index.ts";
import { skillGrantChanged } from "#features/skills/events.ts";
import { closeWithoutGrants } from "#features/skills/grants/match-visibility.ts";
import { lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE } from "#features/skills/schema.ts";

/** Takes a skill from an agent. Taking it again changes nothing. An internal skill without any grant becomes private. */
export async function revokeAgent(
  ctx: Context,
  { id, agentID }: { readonly id: string; readonly agentID: string },
): Promise<typeof DONE> {
  requireChangeable(id);
  return mutate(ctx, skillGrantChanged, async (queries) => {
    const skill = await lockSkill(queries, id);
    const agent = await findAgent(queries, agentID);
    const grants = queries.deleteFrom("skill_agent_grants").where("skill_id", "=", skill.id);
    const { numDeletedRows } = await grants.where("agent_id", "=", agent?.id ?? agentID).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return { unchanged: DONE };
    await closeWithoutGrants(queries, skill);
    const details = { slug: skill.slug, agent_id: agent?.id ?? agentID, granted: false };
    return { entityId: skill.id, value: DONE, details };
  });
}
