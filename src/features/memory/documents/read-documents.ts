import { notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { MemoryDocumentsTable } from "#db/memory/memory-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { findView, getPathAgent, toViewer } from "#features/memory/access.ts";
import type {
  DocumentChunk,
  DocumentInfo,
  DocumentInput,
  ListDocumentsInput,
  MemoryDocument,
} from "#features/memory/documents/schema.ts";
import { documentsIn, findDocument, listDocuments } from "#features/memory/repository.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";
import type { EntryRow } from "#features/memory/to-entry.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import { findEmbedded } from "#features/memory/vectors/read-vectors.ts";

/** Lists the documents that a list of entries would show, without pages. */
export async function listAllDocuments(
  ctx: Context,
  input: { readonly user_id?: string | undefined },
): Promise<DocumentInfo[]> {
  const view = await findView(ctx, input);
  return view ? listIn(ctx, view) : [];
}

/** Lists the documents of one agent. */
export async function listAgentDocuments(
  ctx: Context,
  { agentID, user_id }: ListDocumentsInput,
): Promise<DocumentInfo[]> {
  const { id: agentId } = await getPathAgent(ctx, agentID);
  return listIn(ctx, { tenantId: ctx.tenantId, agentId, userId: toViewer(ctx, user_id) });
}

async function listIn(ctx: Context, view: MemoryView): Promise<DocumentInfo[]> {
  const page = { limit: LIMITS.memoryDocumentsMax, offset: 0, withContent: false };
  return (await listDocuments(documentsIn(ctx.db.read, view), page)).map(toInfo);
}

const toInfo = ({ path, hash, agent_id, user_id, updated_at }: EntryRow): DocumentInfo => ({
  path,
  hash,
  agent_id,
  ...(user_id !== "" && { user_id }),
  updated_at: Date.parse(updated_at),
});

/** Reads a document: that of the user, or else the one that all users share. Throws `NOT_FOUND`. */
export async function readDocument(ctx: Context, input: DocumentInput): Promise<MemoryDocument> {
  const document = await getDocument(ctx, input);
  const { path, content, hash, user_id, chunk_count, created_at, updated_at } = document;
  const chunks = await ctx.db.read
    .selectFrom("memory_chunks")
    .select("id")
    .where("document_id", "=", document.id)
    .execute();
  const embedded = await embeddedOf(ctx, document.agent_id, chunks);
  return {
    path,
    content,
    hash,
    ...(user_id !== "" && { user_id }),
    chunk_count,
    embedded_count: embedded.size,
    created_at: Date.parse(created_at),
    updated_at: Date.parse(updated_at),
  };
}

/** Reads the chunks of a document, in their order. Throws `NOT_FOUND`. */
export async function readDocumentChunks(ctx: Context, input: DocumentInput): Promise<DocumentChunk[]> {
  const { id, agent_id } = await getDocument(ctx, input);
  const rows = await chunksOf(ctx.db.read, id);
  const embedded = await embeddedOf(ctx, agent_id, rows);
  return rows.map(({ text, ...chunk }) => ({ ...chunk, text_preview: text, has_embedding: embedded.has(chunk.id) }));
}

/** Returns which chunks have a vector that searches use now. */
async function embeddedOf(
  ctx: Context,
  agentId: string,
  chunks: readonly { readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const space = await ctx.use(memoryVectors).spaceOf(ctx.db, agentId);
  if (!space) return new Set();
  return findEmbedded(
    ctx.db.read,
    chunks.map(({ id }) => id),
    space.id,
  );
}

const chunksOf = (queries: TenantReads, documentId: string) =>
  queries
    .selectFrom("memory_chunks")
    .select(["id", "start_line", "end_line", "text"])
    .where("document_id", "=", documentId)
    .orderBy("place")
    .execute();

async function getDocument(ctx: Context, { agentID, path, user_id }: DocumentInput): Promise<MemoryDocumentsTable> {
  const { id: agentId } = await getPathAgent(ctx, agentID);
  const document = await findDocument(ctx.db.read, { agentId, userId: toViewer(ctx, user_id) ?? "", path });
  if (!document) throw notFound("memory", path);
  return document;
}
