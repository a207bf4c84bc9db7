import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { SKILL_FILE } from "#features/skills/archive/find-layout.ts";
import type { OpenSkill } from "#features/skills/library/skill-library.ts";
import type { UsableSkill } from "#features/skills/library/usable-skill.ts";

const MAX_LISTED = 200;

/** Returns the text with which an agent begins to use a skill. */
export function showSkill({ slug }: UsableSkill, { folder, files, instructions }: OpenSkill): string {
  const others = files.filter((path) => path !== SKILL_FILE).map((path) => JSON.stringify(path).slice(1, -1));
  const listed = others.slice(0, MAX_LISTED).map((path) => `- ${path}`);
  const more = others.length > MAX_LISTED ? [`- and ${others.length - MAX_LISTED} more: use list_files`] : [];
  const shown = headOf(instructions, LIMITS.usedSkillChars);
  const rest = shown === instructions ? [] : ["", `[cut: read the rest in ${folder}/${SKILL_FILE} with read_file]`];
  return [
    `Skill ${slug}, in the folder ${folder}`,
    ...(others.length > 0 ? ["Its other files, below this folder:", ...listed, ...more] : []),
    "The folder is read-only. It gives you no tools beyond those that you have.",
    "",
    shown,
    ...rest,
  ].join("\n");
}
