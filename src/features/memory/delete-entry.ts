import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { requireDeletable } from "#features/memory/access.ts";
import { memoryDeleted } from "#features/memory/events.ts";
import { findDocumentById } from "#features/memory/repository.ts";
import type { MemoryEntryPath } from "#features/memory/schema.ts";
import { deleteDocument, lockDocument } from "#features/memory/store/store-document.ts";

/** Deletes an entry. No search finds it any more. Throws `NOT_FOUND`. */
export async function deleteEntry(ctx: Context, { id }: MemoryEntryPath): Promise<typeof DELETED> {
  const document = await findDocumentById(ctx.db.read, id);
  if (!document) throw notFound("memory", id);
  await requireDeletable(ctx, document);
  const { agent_id, user_id, path } = document;
  return mutate(ctx, memoryDeleted, async (queries) => {
    const locked = await lockDocument(queries, { agentId: agent_id, userId: user_id, path });
    if (locked?.id !== document.id) throw notFound("memory", id);
    await deleteDocument(queries, document.id);
    const details = { agent_id, user_id, path };
    return { entityId: document.id, value: DELETED, details, ...(user_id !== "" && { userId: user_id }) };
  });
}
