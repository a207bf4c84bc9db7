import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { skillGrantChanged } from "#features/skills/events.ts";
import { closeWithoutGrants } from "#features/skills/grants/match-visibility.ts";
import { lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE } from "#features/skills/schema.ts";

/** Takes a skill from a user. Taking it again changes nothing. */
export async function revokeUser(
  ctx: Context,
  { id, userID: user_id }: { readonly id: string; readonly userID: string },
): Promise<typeof DONE> {
  requireChangeable(id);
  return mutate(ctx, skillGrantChanged, async (queries) => {
    const skill = await lockSkill(queries, id);
    const grants = queries.deleteFrom("skill_user_grants").where("skill_id", "=", skill.id);
    const { numDeletedRows } = await grants.where("user_id", "=", user_id).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return { unchanged: DONE };
    await closeWithoutGrants(queries, skill);
    return { entityId: skill.id, userId: user_id, value: DONE, details: { slug: skill.slug, user_id, granted: false } };
  });
}
