import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { toJson } from "#db/values.ts";
import { skillUpdated } from "#features/skills/events.ts";
import { lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE, type UpdateSkillInput } from "#features/skills/schema.ts";

/** Changes what is said about a skill, and who may use it. The next upload takes name and description from SKILL.md. */
export async function updateSkill(
  ctx: Context,
  { id, name, description, tags, visibility }: UpdateSkillInput,
): Promise<typeof DONE> {
  requireChangeable(id);
  return mutate(ctx, skillUpdated, async (queries) => {
    const skill = await lockSkill(queries, id);
    const changes = {
      ...(name !== undefined && { name: name.normalize("NFC") }),
      ...(description !== undefined && { description }),
      ...(tags !== undefined && { tags: toJson(tags) }),
      ...(visibility !== undefined && { visibility }),
    };
    const changed = Object.keys(changes);
    if (changed.length === 0) return { unchanged: DONE };
    const set = { ...changes, updated_at: toTimestamp(ctx.clock.now()) };
    await queries.updateTable("skills").set(set).where("id", "=", skill.id).execute();
    return { entityId: skill.id, value: DONE, details: { slug: skill.slug, changed } };
  });
}
