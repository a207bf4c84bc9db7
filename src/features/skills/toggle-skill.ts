import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { fromBit, fromJson, toBit, toJson } from "#db/values.ts";
import { type BundledSkill, findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { skillToggled } from "#features/skills/events.ts";
import { findMissing } from "#features/skills/manifest/find-missing.ts";
import { lockSkill } from "#features/skills/repository.ts";
import type { KeptManifest } from "#features/skills/to-skill.ts";

interface Toggle {
  readonly id: string;
  readonly enabled?: boolean | undefined;
}

interface ToggleAnswer {
  readonly ok: true;
  readonly enabled: boolean;
  /** Empty for a skill that is off. */
  readonly status: string;
}

/**
 * Switches a skill on or off for the caller's tenant. Switching a skill on looks again for the programs that it needs.
 */
export const toggleSkill = (ctx: Context, { id, enabled }: Toggle): Promise<ToggleAnswer> => {
  const system = findBundledSkill(id);
  return system ? toggleSystem(ctx, system, enabled) : toggleOwn(ctx, id, enabled);
};

const toAnswer = (enabled: boolean, status: string): ToggleAnswer => ({
  ok: true,
  enabled,
  status: enabled ? status : "",
});

function toggleSystem(ctx: Context, { id, slug }: BundledSkill, wanted: boolean | undefined): Promise<ToggleAnswer> {
  return mutate(ctx, skillToggled, async (queries) => {
    const updated_at = toTimestamp(ctx.clock.now());
    const row = await queries.insertOrLock("skill_settings", { slug, enabled: toBit(true), updated_at }, ["slug"]);
    const enabled = wanted ?? !fromBit(row.enabled);
    await queries
      .updateTable("skill_settings")
      .set({ enabled: toBit(enabled), updated_at })
      .where("slug", "=", slug)
      .execute();
    return { entityId: id, value: toAnswer(enabled, "active"), details: { slug, enabled } };
  });
}

function toggleOwn(ctx: Context, reference: string, wanted: boolean | undefined): Promise<ToggleAnswer> {
  return mutate(ctx, skillToggled, async (queries) => {
    const skill = await lockSkill(queries, reference);
    const enabled = wanted ?? !fromBit(skill.enabled);
    const missing = findMissing(fromJson<KeptManifest>(skill.manifest).requirements);
    const status = missing.isUsable ? "active" : "archived";
    await queries
      .updateTable("skills")
      .set({
        enabled: toBit(enabled),
        updated_at: toTimestamp(ctx.clock.now()),
        ...(enabled && { status, missing_deps: toJson(missing.names) }),
      })
      .where("id", "=", skill.id)
      .execute();
    return { entityId: skill.id, value: toAnswer(enabled, status), details: { slug: skill.slug, enabled } };
  });
}
