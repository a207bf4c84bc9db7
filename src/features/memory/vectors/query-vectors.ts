import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { TenantDatabase } from "#db/database.ts";
import { type EmbeddingCaller, recordEmbedding, toUsageRecord } from "#features/memory/vectors/embedding-records.ts";
import type { EmbeddingSpace } from "#features/memory/vectors/embedding-space.ts";
import { toUnitVector } from "#features/memory/vectors/to-unit-vector.ts";
import type { PriceOf, SpanRecorder } from "#runtime/model-calls/index.ts";
import { insertUsage, NO_RUN } from "#runtime/runs/index.ts";

export interface EmbeddingServices {
  readonly priceOf: PriceOf;
  readonly spans: SpanRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MAX_QUERIES = 500;
const MAX_PAUSES = 10_000;
const NO_SESSION = "";

/**
 * Embeds the queries of searches. A search never fails or waits long because of it: without a vector in time, it goes on
 * with words alone. The provider then has a pause, in which no search asks it.
 */
export class QueryVectors {
  readonly #services: EmbeddingServices;
  readonly #known = new BoundedCache<string, Float32Array>({ max: MAX_QUERIES });
  /** The spaces that are not asked for a while. */
  readonly #pauses = new BoundedCache<string, true>({ max: MAX_PAUSES, ttl: LIMITS.memoryVectorPause });

  constructor(services: EmbeddingServices) {
    this.#services = services;
  }

  /** Resolves to undefined if there is no vector in time. */
  async find(
    db: TenantDatabase,
    space: EmbeddingSpace,
    caller: EmbeddingCaller,
    query: string,
  ): Promise<Float32Array | undefined> {
    const key = JSON.stringify([db.tenantId, space.id, query]);
    const known = this.#known.get(key);
    if (known || this.#pauses.has(pauseKey(db.tenantId, space))) return known;
    const vector = await this.#embed(db, space, caller, query);
    if (vector) this.#known.set(key, vector);
    return vector;
  }

  /** Ends the pauses of a tenant, because a changed provider may work again. */
  forgetPauses(tenantId: TenantId): void {
    for (const key of this.#pauses.keys()) if (key.startsWith(tenantId)) this.#pauses.delete(key);
  }

  async #embed(db: TenantDatabase, space: EmbeddingSpace, caller: EmbeddingCaller, query: string) {
    const { priceOf, spans, clock, logger } = this.#services;
    const startedAt = clock.now();
    const result = await space.open().embed([query], AbortSignal.timeout(LIMITS.memoryQueryVectorWait));
    const endedAt = clock.now();
    const record = toUsageRecord(priceOf, space, caller, result);
    recordEmbedding(spans, db.tenantId, { space, caller, result, record, startedAt, endedAt });
    if (record) {
      // The search does not wait for its own accounts.
      void db
        .write((queries) => insertUsage(queries, NO_RUN, NO_SESSION, record, toTimestamp(endedAt)))
        .catch((error: unknown) => logger.warn({ error }, "the usage of a search was lost"));
    }
    if (result.kind === "vectors") return toUnitVector(result.vectors[0] ?? []);
    const { kind, status } = result.error;
    logger.warn({ provider: space.provider, model: space.model, kind, status }, "a search goes on without vectors");
    this.#pauses.set(pauseKey(db.tenantId, space), true);
    return undefined;
  }
}

const pauseKey = (tenantId: TenantId, { id }: EmbeddingSpace): string => `${tenantId}:${id}`;
