import { sql } from "kysely";
import { isUuid } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { MemoryChunksTable, MemoryDocumentsTable } from "#db/memory/memory-tables.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";
import type { DocumentPlace } from "#features/memory/store/store-document.ts";
import { ENTRY_COLUMNS, type EntryRow } from "#features/memory/to-entry.ts";

/** Selects the documents of a view. */
export function documentsIn(
  queries: TenantReads,
  { agentId, userId }: Omit<MemoryView, "tenantId">,
  prefix = "",
): Select<"memory_documents"> {
  let rows = queries.selectFrom("memory_documents");
  if (agentId !== undefined) rows = rows.where("agent_id", "=", agentId);
  if (userId !== undefined) rows = rows.where("user_id", "in", ["", userId]);
  // Databases differ in how they order letters and in what a pattern matches.
  if (prefix !== "") rows = rows.where(sql`substr(path, 1, length(${prefix}))`, "=", prefix);
  return rows;
}

export interface DocumentPage {
  readonly limit: number;
  readonly offset: number;
  readonly withContent: boolean;
}

/** Lists documents, those that were changed last first. */
export const listDocuments = (
  rows: Select<"memory_documents">,
  { limit, offset, withContent }: DocumentPage,
): Promise<EntryRow[]> =>
  rows
    .select(ENTRY_COLUMNS)
    .$if(withContent, (query) => query.select("content"))
    .orderBy("updated_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .offset(offset)
    .execute();

export async function countDocuments(rows: Select<"memory_documents">): Promise<number> {
  const { count } = await rows.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return Number(count);
}

/** A document, and the chunk of it that a search found. */
export interface FoundEntry {
  readonly document: EntryRow;
  readonly chunk: ChunkText;
}

/** Reads chunks by their ids, with their documents. */
export async function readFound(
  queries: TenantReads,
  ids: readonly string[],
  withContent: boolean,
): Promise<ReadonlyMap<string, FoundEntry>> {
  if (ids.length === 0) return new Map();
  // Begins with the chunks. For many ids of documents, SQLite would rather read those of the whole tenant.
  const rows = await queries
    .selectFrom("memory_chunks")
    .innerJoin("memory_documents as document", "document.id", "memory_chunks.document_id")
    .where("memory_chunks.id", "in", ids)
    .select(["memory_chunks.id as chunk_id", "text", "start_line", "end_line"])
    .select(ENTRY_COLUMNS.map((column) => `document.${column}` as const))
    .$if(withContent, (query) => query.select("document.content"))
    .execute();
  return new Map(
    rows.map(({ chunk_id: id, text, start_line, end_line, ...document }) => [
      id,
      { document, chunk: { id, text, start_line, end_line } },
    ]),
  );
}

export type ChunkText = Pick<MemoryChunksTable, "id" | "text" | "start_line" | "end_line">;

/** Reads the texts of chunks by their ids. */
export async function readChunks(
  queries: TenantReads,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ChunkText>> {
  if (ids.length === 0) return new Map();
  const rows = queries.selectFrom("memory_chunks").select(["id", "text", "start_line", "end_line"]);
  return new Map((await rows.where("id", "in", ids).execute()).map((row) => [row.id, row]));
}

export const findDocumentById = async (queries: TenantReads, id: string): Promise<MemoryDocumentsTable | undefined> =>
  isUuid(id)
    ? queries.selectFrom("memory_documents").selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst()
    : undefined;

/** Finds a document by its path: the user's own, or else the one that all users share. */
export const findDocument = (
  queries: TenantReads,
  { agentId, userId, path }: DocumentPlace,
): Promise<MemoryDocumentsTable | undefined> =>
  documentsIn(queries, { agentId, userId })
    .selectAll()
    .where("path", "=", path)
    .orderBy("user_id", "desc")
    .limit(1)
    .executeTakeFirst();

/** Finds the path of a user's document by the hash of its content. */
export async function findPathOfHash(
  queries: TenantReads,
  { agentId, userId, hash }: Omit<DocumentPlace, "path"> & { readonly hash: string },
): Promise<string | undefined> {
  const rows = queries.selectFrom("memory_documents").select("path").where("agent_id", "=", agentId);
  return (await rows.where("user_id", "=", userId).where("hash", "=", hash).limit(1).executeTakeFirst())?.path;
}

/** Lists the paths and sizes of the documents that a user has or shares, those that were changed last first. */
export async function listPaths(
  queries: TenantReads,
  view: Omit<MemoryView, "tenantId">,
  prefix: string,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const rows = await documentsIn(queries, view, prefix)
    .select(["user_id", "path", sql<number>`octet_length(content)`.as("size")])
    .orderBy("updated_at", "desc")
    .orderBy("id", "desc")
    .limit(LIMITS.listedFiles)
    .execute();
  // The user's own document stands before one with the same path.
  const byPath = new Map(rows.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1)).map((row) => [row.path, row]));
  return [...byPath.values()].map(({ path, size }) => ({ path, size }));
}
