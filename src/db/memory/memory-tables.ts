import type { Generated } from "kysely";
import type { TenantId } from "#base/ids.ts";

/** What an agent remembers. `user_id` is empty for a document that all users of the agent share. */
export interface MemoryDocumentsTable {
  id: string;
  tenant_id: TenantId;
  agent_id: string;
  user_id: string;
  path: string;
  content: string;
  /** SHA-256 of the content, in hex. */
  hash: string;
  /** Who wrote it last: a client of the API, or the agent. */
  source: "api" | "agent";
  chunk_count: number;
  created_at: string;
  updated_at: string;
}

/**
 * A stretch of a document that searches find. The database keeps the index of `scope` and `words` by itself, so a
 * deleted row is in no index.
 */
export interface MemoryChunksTable {
  /** The number of the chunk in the index. Later chunks have higher ones. */
  place: Generated<number>;
  id: string;
  tenant_id: TenantId;
  document_id: string;
  /** Of the document. They stand here too, because a search reads only chunks. */
  user_id: string;
  path: string;
  /** The tokens of `scopesOf`, by which a search finds only the chunks that it may show. */
  scope: string;
  /** The words of the text as they are searched, between single spaces. */
  words: string;
  text: string;
  start_line: number;
  end_line: number;
}

/** The vector of a chunk. A chunk has none until a job has computed it. */
export interface MemoryVectorsTable {
  chunk_id: string;
  tenant_id: TenantId;
  /** The embedding model that made it. Vectors of different spaces cannot be compared. */
  space: string;
  /** Numbers of 32 bits, little-endian. The length of the vector is 1. Empty if the provider refused the text. */
  vector: Uint8Array;
}

/** The signs of a vector's numbers, which a search compares with those of every chunk that it may show. */
export interface MemorySignsTable {
  tenant_id: TenantId;
  agent_id: string;
  space: string;
  user_id: string;
  place: number;
  /** In the form of the dialect. */
  signs: unknown;
}
