import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { SkillFile } from "#features/skills/archive/unpack-archive.ts";
import { findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { skillFolders } from "#features/skills/folders/skill-folders.ts";
import { getSkill, getVersion, listVersions } from "#features/skills/repository.ts";

/** A version of any skill, with its files. */
export interface AnyVersion {
  readonly files: readonly SkillFile[];
  /** Returns the folder with the files in place. */
  open(): Promise<string>;
}

interface VersionInput {
  readonly id: string;
  /** The current one when absent. */
  readonly version?: number | undefined;
}

/** Returns a version of a skill. Throws `NOT_FOUND` for an unknown skill or version. */
export async function getAnyVersion(ctx: Context, { id, version }: VersionInput): Promise<AnyVersion> {
  const system = findBundledSkill(id);
  if (system) {
    if (version !== undefined && version !== 1) throw notFound("version", String(version));
    const files = [...system.files].map(([path, text]) => ({ path, size: Buffer.byteLength(text) }));
    return { files, open: () => ctx.use(skillFolders).openBundled(system) };
  }
  const skill = await getSkill(ctx, id);
  const stored = await getVersion(ctx.db.read, skill, version ?? skill.version);
  return { files: stored.files, open: () => ctx.use(skillFolders).open(ctx.db, stored) };
}

/** Returns the numbers of a skill's versions, the oldest first, and the current one. */
export async function readVersions(ctx: Context, { id }: { readonly id: string }) {
  if (findBundledSkill(id)) return { versions: [1], current: 1 };
  const skill = await getSkill(ctx, id);
  return { versions: [...(await listVersions(ctx.db.read, skill.id))], current: skill.version };
}
