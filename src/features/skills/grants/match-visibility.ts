import type { SkillsTable } from "#db/skill-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** Makes a private skill internal, so that a grant takes effect. The caller holds the lock of the skill. */
export async function openToGrants(queries: TenantQueries, { id, visibility }: SkillsTable): Promise<void> {
  if (visibility === "private") await setVisibility(queries, id, "internal");
}

/** Makes an internal skill private if no grant is left. The caller holds the lock of the skill. */
export async function closeWithoutGrants(queries: TenantQueries, { id, visibility }: SkillsTable): Promise<void> {
  if (visibility !== "internal") return;
  const first = (table: "skill_agent_grants" | "skill_user_grants") =>
    queries.selectFrom(table).select("granted_by").where("skill_id", "=", id).limit(1).executeTakeFirst();
  const left = (await first("skill_agent_grants")) ?? (await first("skill_user_grants"));
  if (!left) await setVisibility(queries, id, "private");
}

async function setVisibility(queries: TenantQueries, id: string, visibility: "internal" | "private"): Promise<void> {
  await queries.updateTable("skills").set({ visibility }).where("id", "=", id).execute();
}
