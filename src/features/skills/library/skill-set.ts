import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { UsableSkill } from "#features/skills/library/usable-skill.ts";
import { SkillIndex } from "#features/skills/search/skill-index.ts";

/** The skills of one agent and user. Computed once, because every run asks for them. */
export class SkillSet {
  readonly skills: readonly UsableSkill[];
  /** The lines that list the skills in a prompt. Undefined if they are too many: the agent then searches. */
  readonly list: string | undefined;
  readonly #bySlug: ReadonlyMap<string, UsableSkill>;
  #index: SkillIndex<UsableSkill> | undefined;

  constructor(skills: readonly UsableSkill[]) {
    this.skills = skills;
    this.#bySlug = new Map(skills.map((skill) => [skill.slug, skill]));
    this.list = skills.length > LIMITS.promptSkills ? undefined : toList(skills);
  }

  /** Finds a skill by its slug or its name. */
  find(reference: string): UsableSkill | undefined {
    const wanted = reference.trim().replace(/^\//, "").normalize("NFC");
    const slug = wanted.toLowerCase();
    return this.#bySlug.get(slug) ?? this.skills.find(({ name }) => name.toLowerCase() === slug);
  }

  /** Returns the skills that fit a query, the best first. */
  search(query: string, limit: number): readonly UsableSkill[] {
    this.#index ??= new SkillIndex(
      this.skills,
      ({ slug, name, description, tags }) => `${slug} ${name} ${name} ${description} ${tags.join(" ")}`,
    );
    return this.#index.search(query, limit);
  }
}

function toList(skills: readonly UsableSkill[]): string | undefined {
  const text = skills.map(describe).join("\n");
  return text.length > LIMITS.promptSkillsChars ? undefined : text;
}

/** Returns the line that stands for a skill. Names and descriptions are one line, so none can look like another entry. */
export function describe({ slug, name, description }: UsableSkill): string {
  const title = name === slug ? "" : ` (${oneLine(name)})`;
  const text = oneLine(description);
  const shown = headOf(text, LIMITS.promptSkillDescriptionChars);
  return `- ${slug}${title}: ${shown}${shown === text ? "" : "…"}`;
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
