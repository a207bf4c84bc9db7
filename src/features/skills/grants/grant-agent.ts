import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { toBit } from "#db/values.ts";
import { findAgent } from "#features/agents/index.ts";
import { skillGrantChanged } from "#features/skills/events.ts";
import { openToGrants } from "#features/skills/grants/match-visibility.ts";
import { upsertGrants } from "#features/skills/grants/upsert-grants.ts";
import { findVersion, lockSkill } from "#features/skills/repository.ts";
import { requireChangeable } from "#features/skills/require-changeable.ts";
import { DONE, type GrantAgentInput } from "#features/skills/schema.ts";

/**
 * Grants a skill to an agent, or changes the grant. A private skill becomes internal, because nobody else could use it.
 * Throws 400 for an unknown agent or version, and 403 for a skill of the gateway, which every agent has.
 */
export async function grantAgent(ctx: Context, input: GrantAgentInput): Promise<typeof DONE> {
  requireChangeable(input.id);
  return mutate(ctx, skillGrantChanged, async (queries) => {
    const skill = await lockSkill(queries, input.id);
    const agent = await findAgent(queries, input.agent_id);
    if (!agent) throw invalidField("agent_id", "no such agent");
    const { version, can_manage } = input;
    if (version !== undefined && !(await findVersion(queries, skill.id, version)))
      throw invalidField("version", "no such version");

    const grant = { skill_id: skill.id, agent_id: agent.id, can_manage: toBit(can_manage) };
    await upsertGrants(queries, [{ ...grant, pinned_version: version ?? null }], ctx);
    await openToGrants(queries, skill);
    const details = { slug: skill.slug, agent_id: agent.id, granted: true };
    return { entityId: skill.id, value: DONE, details };
  });
}
