import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { agentRevoked } from "#features/mcp/events.ts";
import { getGrantedAgent } from "#features/mcp/grants/repository.ts";
import { REVOKED } from "#features/mcp/grants/schema.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

interface AgentGrantReference {
  readonly id: string;
  readonly agent_id: string;
}

/** Takes a server from an agent. Calls that start afterwards fail. Taking it again changes nothing. */
export async function revokeAgent(ctx: Context, { id, agent_id }: AgentGrantReference): Promise<typeof REVOKED> {
  return mutate(ctx, agentRevoked, async (queries) => {
    const server = await lockServerRow(queries, id);
    const agent = await getGrantedAgent(queries, agent_id);
    const { numDeletedRows } = await queries
      .deleteFrom("mcp_agent_grants")
      .where("server_id", "=", server.id)
      .where("agent_id", "=", agent.id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return { unchanged: REVOKED };
    return { entityId: server.id, value: REVOKED, details: { name: server.name, agent_id: agent.id } };
  });
}
