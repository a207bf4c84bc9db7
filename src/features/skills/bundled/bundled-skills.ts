import { createHash } from "node:crypto";
import { SKILL_FILE } from "#features/skills/archive/find-layout.ts";
import csvReference from "#features/skills/bundled/data-summary/references/csv.md" with { type: "text" };
import jsonReference from "#features/skills/bundled/data-summary/references/json.md" with { type: "text" };
import dataSummary from "#features/skills/bundled/data-summary/SKILL.md" with { type: "text" };
import summariseScript from "#features/skills/bundled/data-summary/scripts/summarise.sh" with { type: "text" };
import reportOutline from "#features/skills/bundled/research-report/references/outline.md" with { type: "text" };
import researchReport from "#features/skills/bundled/research-report/SKILL.md" with { type: "text" };
import formatReference from "#features/skills/bundled/skill-creator/references/format.md" with { type: "text" };
import skillCreator from "#features/skills/bundled/skill-creator/SKILL.md" with { type: "text" };

/** A skill that comes with the gateway. Nobody can change it, and every tenant can switch it off. */
export interface BundledSkill {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** The contents of its files, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Changes with the files, so that a new release of the gateway unpacks them again. */
  readonly hash: string;
}

/** The gateway's own skills, by slug. */
export const BUNDLED_SKILLS: ReadonlyMap<string, BundledSkill> = new Map(
  [
    toSkill("0193a5b0-7000-7000-8000-0000000000a1", "data-summary", {
      [SKILL_FILE]: dataSummary,
      "references/csv.md": csvReference,
      "references/json.md": jsonReference,
      "scripts/summarise.sh": summariseScript,
    }),
    toSkill("0193a5b0-7000-7000-8000-0000000000a2", "research-report", {
      [SKILL_FILE]: researchReport,
      "references/outline.md": reportOutline,
    }),
    toSkill("0193a5b0-7000-7000-8000-0000000000a3", "skill-creator", {
      [SKILL_FILE]: skillCreator,
      "references/format.md": formatReference,
    }),
  ].map((skill) => [skill.slug, skill]),
);

function toSkill(id: string, slug: string, files: Readonly<Record<string, string>>): BundledSkill {
  const description = /^description: (.*)$/m.exec(files[SKILL_FILE] ?? "")?.[1] ?? "";
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex");
  return { id, slug, name: slug, description, files: new Map(Object.entries(files)), hash };
}

/** Finds one of the gateway's own skills by id, or by slug, which is its name too. */
export const findBundledSkill = (reference: string): BundledSkill | undefined =>
  BUNDLED_SKILLS.get(reference) ?? BUNDLED_SKILLS.values().find(({ id }) => id === reference.toLowerCase());
