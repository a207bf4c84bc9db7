import { notFound, permissionDenied } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { resolveRunAgent } from "#features/agents/index.ts";
import type { AgentTool, ListAgentToolsInput } from "#features/tool-calls/schema.ts";
import { toolCallServices } from "#features/tool-calls/tool-call-services.ts";

/** Says of each tool, by name, whether an agent has it for a user, and why. */
export async function listAgentTools(ctx: Context, input: ListAgentToolsInput): Promise<AgentTool[]> {
  const { user_id: userId = ctx.userId } = input;
  if (userId !== ctx.userId && !hasRole(ctx, "admin")) throw permissionDenied("other users are for administrators");
  const { id, key } = await resolveRunAgent(ctx, input.id);
  const { agents, runTools } = ctx.use(toolCallServices);
  const agent = await agents.load(ctx.db, id);
  if (!agent) throw notFound("agent", key);
  const judged = await runTools.explain(ctx.db, { agent, userId });
  return judged
    .map(({ tool: { name, description, group }, rule, isSelected, isDeferred }) => ({
      ...{ name, description, group, rule },
      is_available: isSelected,
      is_deferred: isDeferred,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
