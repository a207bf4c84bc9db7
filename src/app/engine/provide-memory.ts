import type { Clock } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";
import { eventBus } from "#core/events/events.ts";
import { jobQueue } from "#core/jobs/job-queue.ts";
import type { Services } from "#core/service.ts";
import type { Database } from "#db/database.ts";
import { AgentMemory, agentMemory, MemoryVectors, memoryVectors, refreshVectors } from "#features/memory/index.ts";
import type { EmbeddingSource } from "#features/providers/index.ts";
import type { PriceOf, SpanRecorder } from "#runtime/model-calls/index.ts";
import type { AgentSource } from "#runtime/runs/index.ts";

export interface MemoryOptions {
  readonly agents: AgentSource;
  readonly providers: EmbeddingSource;
  readonly priceOf: PriceOf;
  readonly spans: SpanRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: Database;
}

/** Provides what agents remember, and has vectors computed anew where a provider or an agent changes. */
export function provideMemory(services: Services, { database, ...options }: MemoryOptions): AgentMemory {
  const events = services.use(eventBus);
  const vectors = new MemoryVectors({ ...options, jobs: services.use(jobQueue) });
  const memory = new AgentMemory(options.agents, events, vectors, options.clock);
  refreshVectors({ events, vectors, logger: options.logger, database });
  services.provide(memoryVectors, vectors).provide(agentMemory, memory);
  return memory;
}
