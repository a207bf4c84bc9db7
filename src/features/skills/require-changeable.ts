import { AppError } from "#base/errors.ts";
import { findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";

/** Throws 403 if the reference means one of the gateway's own skills, which nobody can change. */
export function requireChangeable(reference: string): void {
  const skill = findBundledSkill(reference);
  if (!skill) return;
  const options = { status: 403, reason: "system_skill" } as const;
  throw new AppError("UNAUTHORIZED", "error.skill_is_system", { slug: skill.slug }, options);
}
