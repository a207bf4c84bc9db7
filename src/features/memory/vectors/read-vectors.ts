import type { FoundChunk } from "#db/memory/text-search.ts";
import type { TenantReads } from "#db/tenant-queries.ts";

/** Chunks without a vector that one query finds. */
const CHUNKS_AT_ONCE = 2_000;

/** Lists chunks of an agent that have no vector in a space. Takes `db.reports`, because it visits all of them. */
export async function listWithoutVector(queries: TenantReads, agentId: string, space: string): Promise<string[]> {
  const rows = await queries
    .selectFrom("memory_documents")
    .innerJoin("memory_chunks as chunk", "chunk.document_id", "memory_documents.id")
    .leftJoin("memory_vectors as vector", (join) =>
      join.onRef("vector.chunk_id", "=", "chunk.id").on("vector.space", "=", space),
    )
    .select("chunk.id")
    .where("memory_documents.agent_id", "=", agentId)
    .where("vector.chunk_id", "is", null)
    .orderBy("chunk.place")
    .limit(CHUNKS_AT_ONCE)
    .execute();
  return rows.map(({ id }) => id);
}

/** A chunk with its vector in a space. The vector is null if there is none. */
export interface ChunkWithVector extends FoundChunk {
  readonly vector: Uint8Array | null;
}

/** Reads chunks by their places, with their vectors. */
export async function readWithVectors(
  queries: TenantReads,
  places: readonly number[],
  space: string,
): Promise<readonly ChunkWithVector[]> {
  if (places.length === 0) return [];
  const rows = await queries
    .selectFrom("memory_chunks")
    .leftJoin("memory_vectors as vector", (join) =>
      join.onRef("vector.chunk_id", "=", "memory_chunks.id").on("vector.space", "=", space),
    )
    .select(["place", "id", "document_id", "start_line", "words", "user_id", "path", "vector.vector"])
    .where("place", "in", places)
    .execute();
  return rows.map((row) => ({ ...row, place: Number(row.place) }));
}

/** Returns which of the chunks have a vector in a space. */
export async function findEmbedded(
  queries: TenantReads,
  chunkIds: readonly string[],
  space: string,
): Promise<ReadonlySet<string>> {
  if (chunkIds.length === 0) return new Set();
  const rows = queries.selectFrom("memory_vectors").select("chunk_id").where("space", "=", space);
  return new Set((await rows.where("chunk_id", "in", chunkIds).execute()).map(({ chunk_id }) => chunk_id));
}
