import { notFound } from "#base/errors.ts";
import { foldText } from "#base/texts/fold-text.ts";
import type { Context } from "#core/context.ts";
import { BUNDLED_SKILLS, findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { findSkill, listSkills, readSettings } from "#features/skills/repository.ts";
import type { Skill } from "#features/skills/schema.ts";
import { toSkills, toSystemSkill } from "#features/skills/to-skill.ts";

/** Returns the gateway's own skills and the tenant's, by name. `q` is a part of the name or the description. */
export async function listAllSkills(ctx: Context, q = ""): Promise<Skill[]> {
  const [rows, settings] = await Promise.all([listSkills(ctx), readSettings(ctx.db.read)]);
  const own = [...BUNDLED_SKILLS.values()].map((skill) => toSystemSkill(ctx, skill, settings.get(skill.slug)));
  const wanted = foldText(q);
  const isWanted = ({ name, description }: Skill) => foldText(`${name} ${description}`).includes(wanted);
  return [...own, ...(await toSkills(ctx, rows))].filter(isWanted).toSorted(byName);
}

export const byName = (a: Pick<Skill, "name" | "slug">, b: Pick<Skill, "name" | "slug">): number =>
  a.name.localeCompare(b.name, "en") || (a.slug < b.slug ? -1 : 1);

/** Returns a skill by id, slug or name. Throws `NOT_FOUND`. */
export async function getAnySkill(ctx: Context, reference: string): Promise<Skill> {
  const system = findBundledSkill(reference);
  if (system) return toSystemSkill(ctx, system, (await readSettings(ctx.db.read)).get(system.slug));
  const row = await findSkill(ctx, reference);
  const [skill] = row ? await toSkills(ctx, [row]) : [];
  if (!skill) throw notFound("skill", reference);
  return skill;
}
