import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { listAccessibleAgents } from "#features/agents/index.ts";
import type { Model, ModelList, ModelPath } from "#features/chat/model-schema.ts";

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

/** Returns one model of the list. Throws `NOT_FOUND` if the caller may not use an agent of that name. */
export async function getModel(ctx: Context, { model }: ModelPath): Promise<Model> {
  const { data } = await listModels(ctx);
  const found = data.find(({ id }) => id === model);
  if (!found) throw notFound("model", model);
  return found;
}
