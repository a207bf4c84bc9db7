import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { getPathAgent, toViewer, toWriter } from "#features/memory/access.ts";
import type { IndexAllInput, IndexInput } from "#features/memory/documents/schema.ts";
import { memoryIndexed } from "#features/memory/events.ts";
import { documentsIn } from "#features/memory/repository.ts";
import { prepareContent } from "#features/memory/store/prepare-content.ts";
import { type DocumentPlace, lockDocument, replaceChunks } from "#features/memory/store/store-document.ts";
import { type IndexPlan, memoryVectors } from "#features/memory/vectors/memory-vectors.ts";

/** Computes the index of one document anew. Throws `NOT_FOUND`. */
export async function indexDocument(ctx: Context, { agentID, path, user_id }: IndexInput) {
  const userId = toWriter(ctx, user_id);
  const { id: agentId } = await getPathAgent(ctx, agentID);
  const plan = await ctx.use(memoryVectors).planFor(ctx.db, agentId);
  if (!(await indexAt(ctx, { agentId, userId, path }, plan))) throw notFound("memory", path);
  return record(ctx, agentId, 1, { status: "indexed", path } as const);
}

/** Computes the index of every document anew that the caller sees. */
export async function indexAllDocuments(ctx: Context, { agentID, user_id }: IndexAllInput) {
  const { id: agentId } = await getPathAgent(ctx, agentID);
  const rows = await documentsIn(ctx.db.read, { agentId, userId: toViewer(ctx, user_id) })
    .select(["user_id", "path"])
    .orderBy("id")
    .execute();
  const plan = await ctx.use(memoryVectors).planFor(ctx.db, agentId);
  // One after the other, so that each document is locked for a moment only.
  for (const { user_id: userId, path } of rows) await indexAt(ctx, { agentId, userId, path }, plan);
  return record(ctx, agentId, rows.length, { status: "indexed_all" } as const);
}

const record = <Answer>(ctx: Context, agentId: string, documents: number, answer: Answer): Promise<Answer> =>
  mutate<Answer, typeof memoryIndexed>(ctx, memoryIndexed, async () => ({
    entityId: agentId,
    value: answer,
    details: { documents },
  }));

/** Resolves to false if there is no such document. One that changes meanwhile is indexed by its change. */
async function indexAt(ctx: Context, place: DocumentPlace, plan: IndexPlan): Promise<boolean> {
  const stored = await contentOf(ctx, place);
  if (stored === undefined) return false;
  const prepared = await prepareContent(place.path, stored, plan.sizes);
  await ctx.db.write(async (queries) => {
    const row = await lockDocument(queries, place);
    if (row?.hash !== prepared.hash) return;
    await replaceChunks(queries, row, prepared);
    await plan.requestVectors(queries);
  });
  return true;
}

async function contentOf(ctx: Context, { agentId, userId, path }: DocumentPlace): Promise<string | undefined> {
  const rows = ctx.db.read.selectFrom("memory_documents").select("content").where("agent_id", "=", agentId);
  return (await rows.where("user_id", "=", userId).where("path", "=", path).executeTakeFirst())?.content;
}
