import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import { randomHex } from "#base/random-hex.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { requireBodyAgent, toWriter } from "#features/memory/access.ts";
import { memoryCreated } from "#features/memory/events.ts";
import type { CreateMemoryInput, MemoryEntry } from "#features/memory/schema.ts";
import { prepareContent } from "#features/memory/store/prepare-content.ts";
import { insertDocument, lockDocument, toDocumentRow } from "#features/memory/store/store-document.ts";
import { toEntry } from "#features/memory/to-entry.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";

const RANDOM_BYTES = 4;

/** Stores a new entry. Searches find it at once. Throws `ALREADY_EXISTS` if its path is taken. */
export async function createEntry(ctx: Context, input: CreateMemoryInput): Promise<MemoryEntry> {
  const userId = toWriter(ctx, input.user_id);
  const { id: agentId } = await requireBodyAgent(ctx, input.agent_id);
  const now = toTimestamp(ctx.clock.now());
  const path = input.path ?? newPath(now);
  const plan = await ctx.use(memoryVectors).planFor(ctx.db, agentId);
  const prepared = await prepareContent(path, input.content, plan.sizes);
  const row = toDocumentRow(ctx.tenantId, { agentId, userId, path, prepared, source: "api", now });
  return mutate(ctx, memoryCreated, async (queries) => {
    if (await lockDocument(queries, { agentId, userId, path })) throw alreadyExists("memory", path);
    await insertDocument(queries, row, prepared);
    await plan.requestVectors(queries);
    const details = { agent_id: agentId, user_id: userId, path };
    return { entityId: row.id, value: toEntry(row), details, ...(userId !== "" && { userId }) };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("memory", path) : thrown;
  });
}

/** Returns a path for an entry that has no name: `memory/<date>-<random>.md`. */
export const newPath = (now: string): string => `memory/${now.slice(0, 10)}-${randomHex(RANDOM_BYTES)}.md`;
