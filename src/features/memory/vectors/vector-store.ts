import type { FoundChunk } from "#db/memory/text-search.ts";
import { toSigns } from "#db/memory/to-signs.ts";
import { storeSigns } from "#db/memory/vector-search.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toVectorBytes } from "#features/memory/vectors/to-unit-vector.ts";

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

/** The vector of a chunk. It is undefined if the provider refused the text, so that nobody asks again. */
export interface ChunkVector {
  readonly chunkId: string;
  readonly vector: Float32Array | undefined;
}

/** Stores vectors in place of older ones. Chunks that are gone meanwhile get none. */
export async function storeVectors(
  queries: TenantQueries,
  { agentId, space }: { readonly agentId: string; readonly space: string },
  vectors: readonly ChunkVector[],
): Promise<void> {
  const ids = vectors.map(({ chunkId }) => chunkId);
  const chunks = await queries
    .selectForUpdate("memory_chunks")
    .select(["id", "place", "user_id"])
    .where("id", "in", ids)
    .execute();
  if (chunks.length === 0) return;
  const places = chunks.map(({ place }) => place);
  await queries.deleteFrom("memory_vectors").where("chunk_id", "in", ids).execute();
  await queries.deleteFrom("memory_signs").where("place", "in", places).execute();
  const vectorOf = new Map(vectors.map(({ chunkId, vector }) => [chunkId, vector]));
  const rows = chunks.map(({ id }) => {
    const vector = vectorOf.get(id);
    return { chunk_id: id, space, vector: vector ? toVectorBytes(vector) : new Uint8Array() };
  });
  await queries.insertInto("memory_vectors", rows).execute();
  const signed = chunks.flatMap(({ id, place, user_id: userId }) => {
    const vector = vectorOf.get(id);
    return vector ? { agentId, userId, space, place: Number(place), signs: toSigns(vector) } : [];
  });
  await storeSigns(queries, signed);
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
