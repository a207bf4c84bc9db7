import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import type { SkillAgentGrantsTable } from "#db/skill-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

type Grant = Pick<SkillAgentGrantsTable, "skill_id" | "agent_id" | "pinned_version" | "can_manage">;

/** Grants a skill to an agent, or changes the grant that it has. */
export async function upsertGrant(
  queries: TenantQueries,
  grant: Grant,
  { userId, clock }: Pick<Context, "userId" | "clock">,
): Promise<void> {
  const { pinned_version, can_manage } = grant;
  await queries
    .insertInto("skill_agent_grants", { ...grant, granted_by: userId, created_at: toTimestamp(clock.now()) })
    .onConflict((conflict) =>
      conflict.columns(["skill_id", "agent_id"]).doUpdateSet({ pinned_version, can_manage, granted_by: userId }),
    )
    .execute();
}
