import type { MemoryDocumentsTable } from "#db/memory/memory-tables.ts";
import type { MemoryEntry } from "#features/memory/schema.ts";

export const ENTRY_COLUMNS = [
  ...(["id", "agent_id", "user_id", "path", "hash", "source", "chunk_count"] as const),
  ...(["created_at", "updated_at"] as const),
] as const;

export type EntryRow = Pick<MemoryDocumentsTable, (typeof ENTRY_COLUMNS)[number]> & { readonly content?: string };

export const toEntry = ({ user_id, content, ...row }: EntryRow): MemoryEntry => ({
  id: row.id,
  agent_id: row.agent_id,
  ...(user_id !== "" && { user_id }),
  path: row.path,
  ...(content !== undefined && { content }),
  hash: row.hash,
  scope: user_id === "" ? "global" : "personal",
  source: row.source,
  chunk_count: row.chunk_count,
  created_at: row.created_at,
  updated_at: row.updated_at,
});
