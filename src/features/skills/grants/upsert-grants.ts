import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import type { SkillAgentGrantsTable } from "#db/skill-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

type Grant = Pick<SkillAgentGrantsTable, "skill_id" | "agent_id" | "pinned_version" | "can_manage">;

/** Grants skills to agents, or changes the grants that they have. */
export async function upsertGrants(
  queries: TenantQueries,
  grants: readonly Grant[],
  { userId, clock }: Pick<Context, "userId" | "clock">,
): Promise<void> {
  if (grants.length === 0) return;
  const made = { granted_by: userId, created_at: toTimestamp(clock.now()) };
  const rows = grants.map((grant) => ({ ...grant, ...made }));
  await queries
    .insertInto("skill_agent_grants", rows)
    .onConflict((conflict) =>
      conflict.columns(["skill_id", "agent_id"]).doUpdateSet(({ ref }) => ({
        pinned_version: ref("excluded.pinned_version"),
        can_manage: ref("excluded.can_manage"),
        granted_by: ref("excluded.granted_by"),
      })),
    )
    .execute();
}
