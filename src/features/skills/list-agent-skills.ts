import { notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { fromBit } from "#db/values.ts";
import { findAgent, getAccessibleAgent, type StoredAgent } from "#features/agents/index.ts";
import { BUNDLED_SKILLS } from "#features/skills/bundled/bundled-skills.ts";
import { byName } from "#features/skills/list-all-skills.ts";
import { grantsOfAgent, listSkills, readSettings } from "#features/skills/repository.ts";
import type { AgentSkill } from "#features/skills/schema.ts";

/** Returns the active skills that the caller may know of, by name, with what was granted to the agent. */
export async function listAgentSkills(ctx: Context, reference: string): Promise<AgentSkill[]> {
  const agent = await getKnownAgent(ctx, reference);
  const read = ctx.db.read;
  const [rows, given, settings] = await Promise.all([
    listSkills(ctx),
    grantsOfAgent(read, agent.id),
    readSettings(read),
  ]);
  const grants = new Map(given.map((grant) => [grant.skill_id, grant]));
  const own = rows
    .filter(({ status, enabled }) => status === "active" && fromBit(enabled))
    .map(({ id, name, slug, description, visibility, version }): AgentSkill => {
      const grant = grants.get(id);
      const pinned_version = grant?.pinned_version ?? undefined;
      return {
        ...{ id, name, slug, description, visibility, version, is_system: false },
        granted: grant !== undefined,
        can_manage: grant !== undefined && fromBit(grant.can_manage),
        ...(pinned_version !== undefined && { pinned_version }),
      };
    });
  const system = [...BUNDLED_SKILLS.values()]
    .filter(({ slug }) => settings.get(slug) ?? true)
    .map(
      ({ id, name, slug, description }): AgentSkill => ({
        ...{ id, name, slug, description, visibility: "public", version: 1, is_system: true },
        ...{ granted: false, can_manage: false },
      }),
    );
  return [...own, ...system].toSorted(byName);
}

/** Administrators grant skills to every agent of the tenant, so they see what each of them has. */
async function getKnownAgent(ctx: Context, reference: string): Promise<StoredAgent> {
  if (!hasRole(ctx, "admin")) return getAccessibleAgent(ctx, reference);
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw notFound("agent", reference);
  return agent;
}
