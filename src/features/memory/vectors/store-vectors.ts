import { toSigns } from "#db/memory/to-signs.ts";
import { storeSigns } from "#db/memory/vector-search.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toVectorBytes } from "#features/memory/vectors/to-unit-vector.ts";

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
