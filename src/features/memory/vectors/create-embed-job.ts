import { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import type { TenantDatabase } from "#db/database.ts";
import { chunk } from "#db/values.ts";
import { readChunks } from "#features/memory/repository.ts";
import { toUsageRecord } from "#features/memory/vectors/embedding-records.ts";
import type { EmbeddingSpace } from "#features/memory/vectors/embedding-space.ts";
import { EMBED_JOB, type MemoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import type { EmbeddingServices } from "#features/memory/vectors/query-vectors.ts";
import { listWithoutVector } from "#features/memory/vectors/read-vectors.ts";
import { type ChunkVector, storeVectors } from "#features/memory/vectors/store-vectors.ts";
import { toUnitVector } from "#features/memory/vectors/to-unit-vector.ts";
import type { EmbeddingResult } from "#models/embeddings/embedding-model.ts";
import { insertUsage, NO_RUN } from "#runtime/runs/index.ts";

const Payload = z.object({ agentId: z.string() });
const NO_SESSION = "";

/** The provider embedded no text of a batch. */
class EmbeddingFailed extends Error {
  override readonly name = "EmbeddingFailed";
}

interface ChunkToEmbed {
  readonly id: string;
  readonly text: string;
}

/**
 * Creates the job that computes the vectors that an agent's chunks lack, those of an earlier model included. It stores
 * them batch by batch, so what a crash interrupts goes on where it was.
 */
export function createEmbedJob(vectors: MemoryVectors, services: EmbeddingServices): JobHandler {
  return defineJob({
    name: EMBED_JOB,
    payload: Payload,
    async run({ db, payload: { agentId }, signal }) {
      const space = await vectors.spaceOf(db, agentId);
      if (!space) return;
      for (;;) {
        const missing = await listWithoutVector(db.reports, agentId, space.id);
        for (const ids of chunk(missing, LIMITS.memoryVectorBatch)) {
          signal.throwIfAborted();
          const known = await readChunks(db.read, ids);
          await embedBatch(services, { db, agentId, space, signal }, [...known.values()]);
        }
        if (missing.length === 0) return;
      }
    },
  });
}

interface EmbedTarget {
  readonly db: TenantDatabase;
  readonly agentId: string;
  readonly space: EmbeddingSpace;
  readonly signal: AbortSignal;
}

/** Embeds the texts of a batch and stores their vectors. Throws if the provider embeds none. */
async function embedBatch(
  services: EmbeddingServices,
  target: EmbedTarget,
  chunks: readonly ChunkToEmbed[],
): Promise<void> {
  if (chunks.length === 0) return;
  const result = await embed(target, chunks);
  if (result.kind === "vectors") return storeBatch(services, target, chunks, result);
  if (result.error.kind !== "invalid_request" || chunks.length === 1) throw new EmbeddingFailed(result.error.kind);
  // Providers refuse a whole batch for one text, so each text is tried alone.
  const alone = await embedAlone(services, target, chunks);
  const refused = chunks.filter(({ id }) => !alone.has(id));
  // A provider that refuses every text has another reason.
  if (refused.length === chunks.length) throw new EmbeddingFailed(result.error.kind);
  await target.db.write((queries) =>
    storeVectors(
      queries,
      { agentId: target.agentId, space: target.space.id },
      refused.map(({ id }) => ({ chunkId: id, vector: undefined })),
    ),
  );
}

/** Embeds texts one by one. Returns the ids of those that the provider took. */
async function embedAlone(
  services: EmbeddingServices,
  target: EmbedTarget,
  chunks: readonly ChunkToEmbed[],
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for (const one of chunks) {
    target.signal.throwIfAborted();
    const result = await embed(target, [one]);
    if (result.kind === "vectors") {
      await storeBatch(services, target, [one], result);
      taken.add(one.id);
    } else if (result.error.kind !== "invalid_request") throw new EmbeddingFailed(result.error.kind);
  }
  return taken;
}

const embed = ({ space, signal }: EmbedTarget, chunks: readonly ChunkToEmbed[]): Promise<EmbeddingResult> =>
  space.open().embed(
    chunks.map(({ text }) => text),
    AbortSignal.any([signal, AbortSignal.timeout(LIMITS.memoryBatchVectorWait)]),
  );

async function storeBatch(
  { priceOf, clock }: EmbeddingServices,
  { db, agentId, space }: EmbedTarget,
  chunks: readonly ChunkToEmbed[],
  result: EmbeddingResult & { readonly kind: "vectors" },
): Promise<void> {
  const rows: readonly ChunkVector[] = chunks.map(({ id }, index) => ({
    chunkId: id,
    vector: toUnitVector(result.vectors[index] ?? []),
  }));
  const record = toUsageRecord(priceOf, space, { agentId, userId: "" }, result);
  await db.write(async (queries) => {
    await storeVectors(queries, { agentId, space: space.id }, rows);
    if (record) await insertUsage(queries, NO_RUN, NO_SESSION, record, toTimestamp(clock.now()));
  });
}
