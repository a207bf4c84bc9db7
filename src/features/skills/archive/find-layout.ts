import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import type { Member } from "#features/skills/archive/scan-archive.ts";

/** The name of the file that makes a folder a skill. Archives may spell it in any case. */
export const SKILL_FILE = "SKILL.md";

/** A file of a skill, below the skill's own folder. */
export interface SkillMember {
  readonly entry: Member["entry"];
  readonly path: string;
}

export interface Layout {
  /** The name of the top folder, or undefined if the skill lies at the root of the archive. */
  readonly folder: string | undefined;
  /** Sorted by path. */
  readonly members: readonly SkillMember[];
  readonly skillFile: SkillMember;
}

const isSkillFile = (name: string | undefined): boolean => name?.toLowerCase() === SKILL_FILE.toLowerCase();

/** Finds the skill in an archive: at its root, or in its only top folder. Throws `ArchiveRefusal`. */
export function findLayout(members: readonly Member[]): Layout {
  const isAtRoot = members.some(({ parts }) => parts.length === 1 && isSkillFile(parts[0]));
  const folders = new Set(members.map(({ parts }) => (parts.length > 1 ? parts[0] : undefined)));
  const skills = members.filter(({ parts }) => parts.length === 2 && isSkillFile(parts[1]));
  if (!isAtRoot && skills.length > 1) throw new ArchiveRefusal("several_skill_files");
  if (!isAtRoot && (skills.length === 0 || folders.size > 1)) throw new ArchiveRefusal("no_skill_file");

  const depth = isAtRoot ? 0 : 1;
  const files = members.map(({ entry, parts }) => {
    const own = parts.slice(depth);
    return { entry, path: own.length === 1 && isSkillFile(own[0]) ? SKILL_FILE : own.join("/") };
  });
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const skillFile = sorted.find(({ path }) => path === SKILL_FILE);
  if (!skillFile) throw new ArchiveRefusal("no_skill_file");
  return { folder: isAtRoot ? undefined : members[0]?.parts[0], members: sorted, skillFile };
}
