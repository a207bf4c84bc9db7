import type { Context } from "#core/context.ts";
import { listAccessibleAgents } from "#features/agents/index.ts";
import type { ModelList } from "#features/chat/model-schema.ts";

/** Lists the agents that the caller may use, under the names that clients send as `model`. */
export async function listModels(ctx: Context): Promise<ModelList> {
  const agents = await listAccessibleAgents(ctx);
  const data = agents.map(({ key, ownerId, createdAt }) => ({
    id: `goclaw:${key}`,
    object: "model" as const,
    created: Math.floor(Date.parse(createdAt) / 1_000),
    owned_by: ownerId,
  }));
  return { object: "list", data };
}
