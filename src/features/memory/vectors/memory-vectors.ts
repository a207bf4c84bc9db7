import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { LIMITS } from "#base/limits.ts";
import type { JobQueue } from "#core/jobs/job-queue.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { ChunkSizes } from "#features/memory/store/chunk-text.ts";
import { chooseSpace, type EmbeddingSpace } from "#features/memory/vectors/embedding-space.ts";
import { type EmbeddingServices, QueryVectors } from "#features/memory/vectors/query-vectors.ts";
import type { EmbeddingSource } from "#features/providers/index.ts";
import type { AgentSource, RunnableAgent, TracedRun } from "#runtime/runs/index.ts";

export const EMBED_JOB = "memory-embed";
const MAX_ATTEMPTS = 10;
const MAX_AGENTS = 10_000;

/** How the documents of an agent are indexed. */
export interface IndexPlan {
  readonly sizes: ChunkSizes;
  /** Has vectors computed for chunks that the transaction stores. Without an embedding provider, it does nothing. */
  requestVectors(queries: TenantQueries): Promise<void>;
}

/** What a query means, beside its words. */
export interface QueryMeaning {
  readonly space: string;
  /** Its length is 1. */
  readonly vector: Float32Array;
  readonly vectorWeight: number;
  readonly textWeight: number;
  /** Has the vectors computed that a search missed. */
  readonly requestMissing: () => void;
}

export interface MeaningSearch {
  readonly agentId?: string | undefined;
  readonly userId?: string | undefined;
  readonly query: string;
  readonly run?: TracedRun | undefined;
}

export interface MemoryVectorServices extends EmbeddingServices {
  readonly agents: AgentSource;
  readonly providers: EmbeddingSource;
  readonly jobs: JobQueue;
}

/** Knows which agents have vectors, and has them computed. */
export class MemoryVectors {
  readonly queries: QueryVectors;
  readonly #services: MemoryVectorServices;
  /** The agents whose missing vectors were requested lately. */
  readonly #requested = new BoundedCache<string, true>({ max: MAX_AGENTS, ttl: LIMITS.memoryVectorPause });

  constructor(services: MemoryVectorServices) {
    this.#services = services;
    this.queries = new QueryVectors(services);
  }

  /** Returns the space of an agent's vectors. Undefined if it has none. */
  async spaceOf(db: TenantDatabase, agentId: string): Promise<EmbeddingSpace | undefined> {
    const agent = await this.#services.agents.load(db, agentId);
    return agent && this.#spaceOf(db, agent);
  }

  /** Ask before the transaction that stores chunks. Answers from memory. */
  async planFor(db: TenantDatabase, agentId: string): Promise<IndexPlan> {
    const agent = await this.#services.agents.load(db, agentId);
    const space = agent && (await this.#spaceOf(db, agent));
    return {
      sizes: { maxChars: agent?.memory.maxChunkChars, overlapChars: agent?.memory.overlapChars },
      requestVectors: async (queries) => {
        if (space) await this.request(queries, agentId);
      },
    };
  }

  /** Has the vectors computed that an agent's chunks lack. */
  request(queries: TenantQueries, agentId: string): Promise<void> {
    const job = { name: EMBED_JOB, key: agentId, payload: { agentId }, maxAttempts: MAX_ATTEMPTS };
    return this.#services.jobs.enqueue(queries, job);
  }

  /** Resolves to undefined if a search has to do with words. Searches across agents do, as their spaces may differ. */
  async meaningOf(
    db: TenantDatabase,
    { agentId, userId, query, run }: MeaningSearch,
  ): Promise<QueryMeaning | undefined> {
    const agent = agentId === undefined ? undefined : await this.#services.agents.load(db, agentId);
    const space = agent && (await this.#spaceOf(db, agent));
    if (!agent || !space) return undefined;
    const caller = { agentId: agent.id, userId: userId ?? "", run };
    const vector = await this.queries.find(db, space, caller, query.trim());
    const { vectorWeight, textWeight } = agent.memory;
    const requestMissing = () => this.#requestMissing(db, agent.id);
    return vector && { space: space.id, vector, vectorWeight, textWeight, requestMissing };
  }

  #requestMissing(db: TenantDatabase, agentId: string): void {
    if (this.#requested.has(agentId)) return;
    this.#requested.set(agentId, true);
    void db
      .write((queries) => this.request(queries, agentId))
      .catch((error: unknown) => this.#services.logger.warn({ error }, "vectors were not requested"));
  }

  async #spaceOf(db: TenantDatabase, agent: RunnableAgent): Promise<EmbeddingSpace | undefined> {
    return chooseSpace(agent, await this.#services.providers.list(db));
  }
}

export const memoryVectors = defineService<MemoryVectors>("memory-vectors");
