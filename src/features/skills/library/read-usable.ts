import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toBit } from "#db/values.ts";
import { BUNDLED_SKILLS } from "#features/skills/bundled/bundled-skills.ts";
import type { UsableSkill } from "#features/skills/library/usable-skill.ts";
import { grantsOfAgent, readSettings } from "#features/skills/repository.ts";
import type { FolderUser } from "#runtime/tools/index.ts";

/**
 * Reads the skills that an agent may use for a user, by slug. These are the gateway's own that the tenant did not switch
 * off, public ones, and the user's private ones. Internal ones are granted to the agent or to the user.
 */
export async function readUsable(queries: TenantReads, user: FolderUser): Promise<readonly UsableSkill[]> {
  const [settings, own] = await Promise.all([readSettings(queries), readOwn(queries, user)]);
  const bundled = [...BUNDLED_SKILLS.values()]
    .filter(({ slug }) => settings.get(slug) ?? true)
    .map((skill): UsableSkill => {
      const { slug, name, description } = skill;
      return { slug, name, description, tags: [], source: { kind: "bundled", skill } };
    });
  return [...bundled, ...own].toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
}

async function readOwn(queries: TenantReads, { agentId, userId }: FolderUser): Promise<readonly UsableSkill[]> {
  const grants = new Map((await grantsOfAgent(queries, agentId)).map((grant) => [grant.skill_id, grant]));
  const granted = queries.selectFrom("skill_agent_grants").select("skill_id").where("agent_id", "=", agentId);
  const given = queries.selectFrom("skill_user_grants").select("skill_id").where("user_id", "=", userId);
  const rows = await queries
    .selectFrom("skills")
    .select(["id", "slug", "name", "description", "tags", "version"])
    .where("status", "=", "active")
    .where("enabled", "=", toBit(true))
    .where((where) =>
      where.or([
        where("visibility", "=", "public"),
        where.and([where("visibility", "=", "private"), where("owner_id", "=", userId)]),
        where.and([
          where("visibility", "=", "internal"),
          where.or([where("id", "in", granted), where("id", "in", given)]),
        ]),
      ]),
    )
    .execute();
  const pinned = await readPinned(queries, agentId);
  return rows.map(({ id, slug, name, description, tags, version }) => {
    const own = grants.get(id)?.pinned_version ?? version;
    const said = own === version ? { name, description } : pinned.get(id);
    return {
      slug,
      name: said?.name ?? name,
      description: said?.description ?? description,
      tags: fromJson<readonly string[]>(tags),
      source: { kind: "stored", id, version: own },
    };
  });
}

/** Reads what the versions to which the agent is pinned say about themselves, by the id of the skill. */
async function readPinned(queries: TenantReads, agentId: string) {
  const rows = await queries
    .selectFrom("skill_agent_grants")
    .innerJoin("skill_versions", (join) =>
      join
        .onRef("skill_versions.skill_id", "=", "skill_agent_grants.skill_id")
        .onRef("skill_versions.version", "=", "skill_agent_grants.pinned_version"),
    )
    .where("skill_agent_grants.agent_id", "=", agentId)
    .select([
      "skill_versions.skill_id as id",
      "skill_versions.name as name",
      "skill_versions.description as description",
    ])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
