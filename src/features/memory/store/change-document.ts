import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type Author, mutateAs } from "#core/mutate.ts";
import { memoryUpdated } from "#features/memory/events.ts";
import { prepareContent } from "#features/memory/store/prepare-content.ts";
import { type DocumentPlace, lockDocument, replaceDocument } from "#features/memory/store/store-document.ts";
import type { IndexPlan } from "#features/memory/vectors/memory-vectors.ts";

const MAX_TRIES = 5;

/** The document would be larger than `LIMITS.memoryContentChars`. */
export class MemoryTooLarge extends Error {
  override readonly name = "MemoryTooLarge";
}

/** The document changed again and again while it was being changed. */
export class MemoryBusy extends Error {
  override readonly name = "MemoryBusy";
}

/**
 * Changes a document on behalf of an agent, or creates it. `change` gets the content so far and returns the new one. It
 * runs again if somebody else changed the document meanwhile. Throws `MemoryTooLarge` and `MemoryBusy`.
 */
export async function changeDocument(
  author: Author,
  plan: IndexPlan,
  place: DocumentPlace,
  change: (content: string | undefined) => string,
): Promise<void> {
  const now = toTimestamp(author.now);
  const details = { agent_id: place.agentId, user_id: place.userId, path: place.path };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const stored = await findOwn(author, place);
    const content = change(stored?.content);
    if (content.length > LIMITS.memoryContentChars) throw new MemoryTooLarge(place.path);
    const prepared = await prepareContent(place.path, content, plan.sizes);
    const isStored = await mutateAs(author, memoryUpdated, async (queries) => {
      const locked = await lockDocument(queries, place);
      if (locked?.hash !== stored?.hash) return { unchanged: false };
      const { row, isChanged } = await replaceDocument(queries, { ...place, prepared, source: "agent", now });
      if (!isChanged) return { unchanged: true };
      await plan.requestVectors(queries);
      return { entityId: row.id, value: true, details, ...(place.userId !== "" && { userId: place.userId }) };
    });
    if (isStored) return;
  }
  throw new MemoryBusy(place.path);
}

const findOwn = ({ db }: Author, { agentId, userId, path }: DocumentPlace) =>
  db.read
    .selectFrom("memory_documents")
    .select(["content", "hash"])
    .where("agent_id", "=", agentId)
    .where("user_id", "=", userId)
    .where("path", "=", path)
    .executeTakeFirst();
