import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { fromBit } from "#db/values.ts";
import { findAgentsById } from "#features/agents/index.ts";
import { findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { getSkill } from "#features/skills/repository.ts";
import type { AgentGrant } from "#features/skills/schema.ts";

/** Returns the agents that a skill is granted to, the first one first. A skill of the gateway needs no grants. */
export async function listGrants(ctx: Context, reference: string): Promise<z.infer<typeof AgentGrant>[]> {
  if (findBundledSkill(reference)) return [];
  const { id } = await getSkill(ctx, reference);
  const grants = ctx.db.read.selectFrom("skill_agent_grants").selectAll().where("skill_id", "=", id);
  const rows = await grants.orderBy("created_at").orderBy("agent_id").execute();
  const agents = await findAgentsById(
    ctx.db.read,
    rows.map(({ agent_id }) => agent_id),
  );
  return rows.flatMap(({ agent_id, pinned_version, can_manage, granted_by }) => {
    const agent = agents.get(agent_id);
    if (!agent) return [];
    const { display_name } = agent.settings;
    return {
      agent_id,
      agent_key: agent.key,
      ...(display_name !== undefined && { display_name }),
      ...(pinned_version !== null && { pinned_version }),
      can_manage: fromBit(can_manage),
      granted_by,
    };
  });
}
