import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { getPathAgent, toWriter } from "#features/memory/access.ts";
import type { PutDocumentInput } from "#features/memory/documents/schema.ts";
import { memoryUpdated } from "#features/memory/events.ts";
import { prepareContent } from "#features/memory/store/prepare-content.ts";
import { replaceDocument } from "#features/memory/store/store-document.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";

/** Stores a document in place of one with the same path. Searches find it at once. */
export async function putDocument(ctx: Context, { agentID, path, content, user_id }: PutDocumentInput) {
  const userId = toWriter(ctx, user_id);
  const { id: agentId } = await getPathAgent(ctx, agentID);
  const now = toTimestamp(ctx.clock.now());
  const plan = await ctx.use(memoryVectors).planFor(ctx.db, agentId);
  const prepared = await prepareContent(path, content, plan.sizes);
  const value = { status: "ok", path } as const;
  return mutate<typeof value, typeof memoryUpdated>(ctx, memoryUpdated, async (queries) => {
    const write = { agentId, userId, path, prepared, source: "api", now } as const;
    const { row, isChanged } = await replaceDocument(queries, write);
    if (!isChanged) return { unchanged: value };
    await plan.requestVectors(queries);
    const details = { agent_id: agentId, user_id: userId, path };
    return { entityId: row.id, value, details, ...(userId !== "" && { userId }) };
  });
}
