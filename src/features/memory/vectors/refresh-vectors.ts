import type { TenantId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { EventBus } from "#core/events/events.ts";
import type { Database } from "#db/database.ts";
import { agentUpdated } from "#features/agents/index.ts";
import type { MemoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import { providerEvents } from "#features/providers/index.ts";

export interface RefreshDependencies {
  readonly database: Database;
  readonly events: EventBus;
  readonly vectors: MemoryVectors;
  readonly logger: Logger;
}

/**
 * Requests vectors after a change of a provider or of an agent, which may have another embedding model now. A process
 * that dies between the change and the request loses nothing: searches request vectors that they miss.
 */
export function refreshVectors({ database, events, vectors, logger }: RefreshDependencies): void {
  const refresh = async (tenantId: TenantId, agentId?: string): Promise<void> => {
    const db = database.forTenant(tenantId);
    const documents = db.read.selectFrom("memory_documents").select("agent_id").distinct();
    const rows = await (agentId ? documents.where("agent_id", "=", agentId) : documents).execute();
    const ids = rows.map(({ agent_id }) => agent_id);
    const spaces = await Promise.all(ids.map((id) => vectors.spaceOf(db, id)));
    const wanted = ids.filter((_, index) => spaces[index]);
    if (wanted.length === 0) return;
    await db.write(async (queries) => {
      for (const id of wanted) await vectors.request(queries, id);
    });
  };
  const receive = (tenantId: TenantId, agentId?: string) =>
    refresh(tenantId, agentId).catch((error: unknown) =>
      logger.warn({ error, tenantId }, "vectors were not requested"),
    );
  events.subscribe(providerEvents, {
    receive: ({ tenantId }) => {
      vectors.queries.forgetPauses(tenantId);
      return receive(tenantId);
    },
  });
  events.subscribe([agentUpdated], {
    receive: ({ tenantId, entityId, payload: { changed } }) =>
      changed.some((field) => field === "memory_config" || field === "provider")
        ? receive(tenantId, entityId)
        : undefined,
  });
}
