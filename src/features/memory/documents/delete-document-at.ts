import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { getPathAgent, toWriter } from "#features/memory/access.ts";
import type { DeleteDocumentInput } from "#features/memory/documents/schema.ts";
import { memoryDeleted } from "#features/memory/events.ts";
import { deleteDocument, lockDocument } from "#features/memory/store/store-document.ts";

/** Deletes the document at a path. No search finds it any more. Throws `NOT_FOUND`. */
export async function deleteDocumentAt(ctx: Context, { agentID, path, user_id }: DeleteDocumentInput) {
  const userId = toWriter(ctx, user_id);
  const { id: agentId } = await getPathAgent(ctx, agentID);
  return mutate(ctx, memoryDeleted, async (queries) => {
    const document = await lockDocument(queries, { agentId, userId, path });
    if (!document) throw notFound("memory", path);
    await deleteDocument(queries, document.id);
    const details = { agent_id: agentId, user_id: userId, path };
    return { entityId: document.id, value: DELETED, details, ...(userId !== "" && { userId }) };
  });
}
