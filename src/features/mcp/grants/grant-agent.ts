import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { agentGranted } from "#features/mcp/events.ts";
import { getGrantedAgent, putAgentGrant } from "#features/mcp/grants/repository.ts";
import { GRANTED, type GrantAgentInput } from "#features/mcp/grants/schema.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Lets an agent use the tools of a server. A second grant replaces the lists of the first. */
export async function grantAgent(ctx: Context, { id, agent_id, ...lists }: GrantAgentInput): Promise<typeof GRANTED> {
  return mutate(ctx, agentGranted, async (queries) => {
    const server = await lockServerRow(queries, id);
    const agent = await getGrantedAgent(queries, agent_id);
    const created_at = toTimestamp(ctx.clock.now());
    await putAgentGrant(queries, agent.id, { ...lists, server_id: server.id, granted_by: ctx.userId, created_at });
    return { entityId: server.id, value: GRANTED, details: { name: server.name, agent_id: agent.id } };
  });
}
