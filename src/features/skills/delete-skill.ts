import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { skillDeleted } from "#features/skills/events.ts";
import { lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE } from "#features/skills/schema.ts";

/**
 * Deletes a skill with its grants. Its row stays, so that an upload of the same slug gets a higher version, and runs
 * under way keep their files. Throws 403 for a skill of the gateway.
 */
export async function deleteSkill(ctx: Context, { id }: { readonly id: string }): Promise<typeof DONE> {
  requireChangeable(id);
  return mutate(ctx, skillDeleted, async (queries) => {
    const skill = await lockSkill(queries, id);
    await queries.deleteFrom("skill_agent_grants").where("skill_id", "=", skill.id).execute();
    await queries.deleteFrom("skill_user_grants").where("skill_id", "=", skill.id).execute();
    // Whoever uploads it again decides anew who may use it.
    const gone = { status: "deleted", visibility: "private", updated_at: toTimestamp(ctx.clock.now()) } as const;
    await queries.updateTable("skills").set(gone).where("id", "=", skill.id).execute();
    return { entityId: skill.id, value: DONE, details: { slug: skill.slug } };
  });
}
