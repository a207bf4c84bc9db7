import type { BundledSkill } from "#features/skills/bundled/bundled-skills.ts";

/** A skill that an agent may use for a user, in the version that the agent has. */
export interface UsableSkill {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly source: SkillSource;
}

type SkillSource =
  | { readonly kind: "bundled"; readonly skill: BundledSkill }
  | { readonly kind: "stored"; readonly id: string; readonly version: number };
