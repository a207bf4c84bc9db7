import { newId } from "#base/ids.ts";
import type { MemoryDocumentsTable } from "#db/memory/memory-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";
import type { PreparedContent } from "#features/memory/store/prepare-content.ts";
import { scopesOf } from "#features/memory/store/scopes-of.ts";

/** Where a document belongs. The user is empty if all users of the agent share it. */
export interface DocumentPlace {
  readonly agentId: string;
  readonly userId: string;
  readonly path: string;
}

export interface DocumentWrite extends DocumentPlace {
  readonly prepared: PreparedContent;
  readonly source: MemoryDocumentsTable["source"];
  readonly now: string;
}

/** Rows that one statement inserts. */
const ROWS_AT_ONCE = 50;

/** Returns the row of a new document. */
export const toDocumentRow = (
  tenantId: MemoryDocumentsTable["tenant_id"],
  { agentId, userId, path, prepared, source, now }: DocumentWrite,
): MemoryDocumentsTable => ({
  id: newId(),
  tenant_id: tenantId,
  agent_id: agentId,
  user_id: userId,
  path,
  content: prepared.content,
  hash: prepared.hash,
  source,
  chunk_count: prepared.chunks.length,
  created_at: now,
  updated_at: now,
});

/** Stores a new document with its chunks. Fails with a unique violation if the path is taken. */
export async function insertDocument(
  queries: TenantQueries,
  row: MemoryDocumentsTable,
  { chunks }: PreparedContent,
): Promise<void> {
  await queries.insertInto("memory_documents", row).execute();
  await insertChunks(queries, row, chunks);
}

/** Stores a document in place of one with the same path. Resolves to its row, and to whether anything changed. */
export async function replaceDocument(
  queries: TenantQueries,
  write: DocumentWrite,
): Promise<{ readonly row: MemoryDocumentsTable; readonly isChanged: boolean }> {
  const fresh = toDocumentRow(queries.tenantId, write);
  const stored = await queries.insertOrLock("memory_documents", fresh, ["agent_id", "user_id", "path"]);
  const isNew = stored.id === fresh.id;
  if (!isNew && stored.hash === fresh.hash) return { row: stored, isChanged: false };
  const row = { ...fresh, id: stored.id, created_at: stored.created_at };
  if (!isNew) await queries.updateTable("memory_documents").set(row).where("id", "=", row.id).execute();
  await replaceChunks(queries, row, write.prepared);
  return { row, isChanged: true };
}

/** Stores the chunks of a document anew. The caller holds the lock of the document. */
export async function replaceChunks(
  queries: TenantQueries,
  row: MemoryDocumentsTable,
  { chunks }: PreparedContent,
): Promise<void> {
  await queries.deleteFrom("memory_chunks").where("document_id", "=", row.id).execute();
  if (row.chunk_count !== chunks.length) {
    const document = queries.updateTable("memory_documents").where("id", "=", row.id);
    await document.set({ chunk_count: chunks.length }).execute();
  }
  await insertChunks(queries, row, chunks);
}

async function insertChunks(
  queries: TenantQueries,
  { id, tenant_id: tenantId, agent_id: agentId, user_id: userId, path }: MemoryDocumentsTable,
  chunks: PreparedContent["chunks"],
): Promise<void> {
  const scope = scopesOf({ tenantId, agentId, userId }).join(" ");
  const rows = chunks.map(({ text, startLine, endLine, words }) => ({
    id: newId(),
    document_id: id,
    user_id: userId,
    path,
    scope,
    words,
    text,
    start_line: startLine,
    end_line: endLine,
  }));
  for (const batch of chunk(rows, ROWS_AT_ONCE)) await queries.insertInto("memory_chunks", batch).execute();
}

/** Locks a document until the unit of writes ends. Resolves to undefined if there is none. */
export const lockDocument = (
  queries: TenantQueries,
  { agentId, userId, path }: DocumentPlace,
): Promise<MemoryDocumentsTable | undefined> =>
  queries
    .selectForUpdate("memory_documents")
    .selectAll()
    .where("agent_id", "=", agentId)
    .where("user_id", "=", userId)
    .where("path", "=", path)
    .executeTakeFirst();

/** Deletes a document. Its chunks and their index go with it. */
export const deleteDocument = (queries: TenantQueries, id: string): Promise<unknown> =>
  queries.deleteFrom("memory_documents").where("id", "=", id).execute();
