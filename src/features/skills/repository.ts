import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { SkillAgentGrantsTable, SkillsTable, SkillVersionsTable } from "#db/skill-tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson, toBit } from "#db/values.ts";
import type { SkillFile } from "#features/skills/archive/unpack-archive.ts";
import type { StoredVersion } from "#features/skills/folders/skill-folders.ts";

/** Selects the skill that a reference means: its id, its slug, or its name. Deleted skills are not found. */
function whereReference(skills: Select<"skills">, reference: string) {
  const live = skills.selectAll().where("status", "!=", "deleted");
  if (isUuid(reference)) return live.where("id", "=", reference.toLowerCase());
  const named = reference.normalize("NFC");
  return live.where((where) => where.or([where("slug", "=", reference), where("name", "=", named)])).orderBy("slug");
}

const best = (rows: readonly SkillsTable[], reference: string): SkillsTable | undefined =>
  rows.find(({ slug }) => slug === reference) ?? rows[0];

/** Returns whether the caller may know of a skill. Private ones are for their owners and for administrators. */
const isVisible = (ctx: Context, { visibility, owner_id }: SkillsTable): boolean =>
  visibility !== "private" || hasRole(ctx, "admin") || owner_id === ctx.userId;

export async function findSkill(ctx: Context, reference: string): Promise<SkillsTable | undefined> {
  const rows = await whereReference(ctx.db.read.selectFrom("skills"), reference).execute();
  return best(
    rows.filter((row) => isVisible(ctx, row)),
    reference,
  );
}

/** Returns the tenant's skill of this id, slug or name. Throws `NOT_FOUND`. */
export async function getSkill(ctx: Context, reference: string): Promise<SkillsTable> {
  const row = await findSkill(ctx, reference);
  if (!row) throw notFound("skill", reference);
  return row;
}

/** The same inside a unit of writes. The row stays as it is until the unit ends. */
export async function lockSkill(queries: TenantQueries, reference: string): Promise<SkillsTable> {
  const row = best(await whereReference(queries.selectForUpdate("skills"), reference).execute(), reference);
  if (!row) throw notFound("skill", reference);
  return row;
}

export async function listSkills(ctx: Context): Promise<readonly SkillsTable[]> {
  const rows = await ctx.db.read.selectFrom("skills").selectAll().where("status", "!=", "deleted").execute();
  return rows.filter((row) => isVisible(ctx, row));
}

/** Returns the versions of a skill, the oldest first. */
export async function listVersions(queries: TenantReads, skillId: string): Promise<readonly number[]> {
  const versions = queries.selectFrom("skill_versions").select("version").where("skill_id", "=", skillId);
  return (await versions.orderBy("version").execute()).map(({ version }) => version);
}

export async function findVersion(
  queries: TenantReads,
  skillId: string,
  version: number,
): Promise<SkillVersionsTable | undefined> {
  const versions = queries.selectFrom("skill_versions").selectAll().where("skill_id", "=", skillId);
  return versions.where("version", "=", version).executeTakeFirst();
}

/** Throws `NOT_FOUND` if the skill has no such version. */
export async function getVersion(queries: TenantReads, skill: SkillsTable, version: number): Promise<StoredVersion> {
  const row = await findVersion(queries, skill.id, version);
  if (!row) throw notFound("version", String(version));
  return toStoredVersion(skill.slug, row);
}

export const toStoredVersion = (slug: string, { version, blob, hash, files }: SkillVersionsTable): StoredVersion => ({
  slug,
  version,
  blob,
  hash,
  files: fromJson<readonly SkillFile[]>(files),
});

/** Returns which of the gateway's own skills the tenant switched on or off, by slug. */
export async function readSettings(queries: TenantReads): Promise<ReadonlyMap<string, boolean>> {
  const rows = await queries.selectFrom("skill_settings").select(["slug", "enabled"]).execute();
  return new Map(rows.map(({ slug, enabled }) => [slug, fromBit(enabled)]));
}

export const grantsOfAgent = (queries: TenantReads, agentId: string): Promise<SkillAgentGrantsTable[]> =>
  queries.selectFrom("skill_agent_grants").selectAll().where("agent_id", "=", agentId).execute();

/** Returns the grants that let agents manage a skill, or any skill of the tenant. */
export function managersOf(queries: TenantReads, skillId?: string): Promise<SkillAgentGrantsTable[]> {
  const managers = queries.selectFrom("skill_agent_grants").selectAll().where("can_manage", "=", toBit(true));
  return (skillId === undefined ? managers : managers.where("skill_id", "=", skillId)).execute();
}
