import { toTimestamp } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { skillGrantChanged } from "#features/skills/events.ts";
import { openToGrants } from "#features/skills/grants/match-visibility.ts";
import { lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE } from "#features/skills/schema.ts";

/**
 * Grants a skill to a user, for whom every agent may then use it. Granting it again changes nothing. Throws 403 for a
 * user who is no member of the tenant. The master tenant has users who are not listed.
 */
export async function grantUser(
  ctx: Context,
  { id, user_id }: { readonly id: string; readonly user_id: string },
): Promise<typeof DONE> {
  requireChangeable(id);
  return mutate(ctx, skillGrantChanged, async (queries) => {
    const skill = await lockSkill(queries, id);
    if (!(await isMember(queries, user_id)))
      throw new AppError("UNAUTHORIZED", "error.no_member", { user: user_id }, { status: 403, field: "user_id" });
    const grant = { skill_id: skill.id, user_id, granted_by: ctx.userId };
    const { numInsertedOrUpdatedRows } = await queries
      .insertInto("skill_user_grants", { ...grant, created_at: toTimestamp(ctx.clock.now()) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return { unchanged: DONE };
    await openToGrants(queries, skill);
    return { entityId: skill.id, userId: user_id, value: DONE, details: { slug: skill.slug, user_id, granted: true } };
  });
}

async function isMember(queries: TenantReads, userId: string): Promise<boolean> {
  if (queries.tenantId === MASTER_TENANT_ID) return true;
  const users = queries.selectFrom("tenant_users").select("role").where("user_id", "=", userId);
  return (await users.executeTakeFirst()) !== undefined;
}
