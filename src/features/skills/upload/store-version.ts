import { toTimestamp } from "#base/clock.ts";
import { failedPrecondition } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { SkillsTable } from "#db/skill-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import type { UnpackedSkill } from "#features/skills/archive/unpack-archive.ts";
import { skillUploaded } from "#features/skills/events.ts";
import type { StoredVersion } from "#features/skills/folders/skill-folders.ts";
import { upsertGrants } from "#features/skills/grants/upsert-grants.ts";
import { findMissing, type Missing } from "#features/skills/manifest/find-missing.ts";
import type { SkillManifest } from "#features/skills/manifest/parse-skill-file.ts";
import { findVersion } from "#features/skills/repository.ts";
import type { UploadedSkill } from "#features/skills/schema.ts";
import type { KeptManifest } from "#features/skills/to-skill.ts";

export interface StoreOptions {
  /** The id of the archive in the blob store. */
  readonly blob: string;
  readonly managers: readonly StoredAgent[];
}

export interface StoredUpload {
  readonly answer: UploadedSkill;
  /** Undefined if the current version has the same files. */
  readonly version: StoredVersion | undefined;
}

/** Stores the next version of a skill, and the skill itself if it is new. Uploads of one slug wait for each other. */
export function storeVersion(
  ctx: Context,
  { manifest, files, hash }: UnpackedSkill,
  { blob, managers }: StoreOptions,
): Promise<StoredUpload> {
  const { name, slug, description } = manifest;
  const missing = findMissing(manifest.requirements);
  return mutate<StoredUpload, typeof skillUploaded>(ctx, skillUploaded, async (queries) => {
    const now = toTimestamp(ctx.clock.now());
    await requireRoom(queries, slug);
    const row = await queries.insertOrLock("skills", newSkill(ctx, slug, now), ["slug"]);
    const isLive = row.version > 0 && row.status !== "deleted";
    const current = isLive ? await findVersion(queries, row.id, row.version) : undefined;
    if (current?.hash === hash) {
      const answer = { id: row.id, slug, version: row.version, name: row.name, status: "unchanged" as const };
      return { unchanged: { answer, version: undefined } };
    }
    const version = { slug, version: row.version + 1, blob, hash, files };
    const changed = toRow(manifest, missing);
    const renewed = { owner_id: ctx.userId, enabled: toBit(true), tags: "[]", created_at: now };
    await queries
      .updateTable("skills")
      .set({ ...changed, version: version.version, updated_at: now, ...(!isLive && renewed) })
      .where("id", "=", row.id)
      .execute();
    const facts = { skill_id: row.id, version: version.version, name, description, blob, hash, files: toJson(files) };
    await queries.insertInto("skill_versions", { ...facts, created_by: ctx.userId, created_at: now }).execute();
    const grant = { skill_id: row.id, can_manage: toBit(true), pinned_version: null };
    const grants = managers.map(({ id }) => ({ ...grant, agent_id: id }));
    await upsertGrants(queries, grants, ctx);
    const answer = { id: row.id, slug, version: version.version, name, status: changed.status, is_new: !isLive };
    const value = { answer: { ...answer, ...toNotes(manifest, missing) }, version };
    return { entityId: slug, value, details: { version: version.version, skill_id: row.id } };
  });
}

/** Throws `FAILED_PRECONDITION` if the tenant has as many other skills as it may have. */
async function requireRoom(queries: TenantQueries, slug: string): Promise<void> {
  const max = LIMITS.skillsPerTenant;
  const others = queries.selectFrom("skills").where("status", "!=", "deleted").where("slug", "!=", slug);
  const { count } = await others.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  if (Number(count) >= max) throw failedPrecondition("error.too_many_skills", { max }, "too_many_skills");
}

/** The row with which a slug is taken. Its version 0 says that nothing is uploaded yet. */
const newSkill = (ctx: Context, slug: string, now: string): Omit<SkillsTable, "tenant_id"> => ({
  ...{ id: newId(), slug, name: slug, description: "", owner_id: ctx.userId, visibility: "internal" },
  ...{ tags: "[]", status: "active", enabled: toBit(true), version: 0, manifest: "{}", missing_deps: "[]" },
  ...{ created_at: now, updated_at: now },
});

function toRow(manifest: SkillManifest, missing: Missing) {
  const { name, description, author, license, compatibility, metadata, allowedTools, requirements } = manifest;
  const kept = { author, license, compatibility, metadata, allowedTools, requirements };
  return {
    name,
    description,
    manifest: toJson(kept satisfies { [Key in keyof KeptManifest]: unknown }),
    missing_deps: toJson(missing.names),
    status: missing.isUsable ? ("active" as const) : ("archived" as const),
  };
}

const toNotes = ({ warnings }: SkillManifest, { names }: Missing): Partial<UploadedSkill> => ({
  ...(warnings.length > 0 && { warnings: [...warnings] }),
  ...(names.length > 0 && {
    missing_deps: [...names],
    deps_warning: `not installed on this machine: ${names.join(", ")}`,
  }),
});
