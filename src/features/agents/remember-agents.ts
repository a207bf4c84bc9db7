import { LRUCache } from "lru-cache";
import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events.ts";
import type { TenantDatabase } from "#db/database.ts";

const MAX_KNOWN = 1_000;

/** Reads something of an agent by a reference; undefined when there is no such agent. */
type ReadAgent<Read> = (db: TenantDatabase, reference: string) => Promise<Read | undefined>;

/**
 * Remembers what was read of agents for a moment: a change made in this process counts at once, one made by another a
 * moment later. What is remembered is shared and must not be changed.
 */
export function rememberAgents<Read extends object>(events: EventBus, read: ReadAgent<Read>): ReadAgent<Read> {
  const known = new LRUCache<string, Read>({ max: MAX_KNOWN, ttl: LIMITS.agentCacheTime });
  let generation = 0;
  const forget = () => {
    generation++;
    known.clear();
  };
  events.subscribe("agent.", forget);
  events.subscribe("tenant.", forget);

  return async (db, reference) => {
    const key = `${db.tenantId}:${reference}`;
    const cached = known.get(key);
    if (cached) return cached;
    const readIn = generation;
    const agent = await read(db, reference);
    // An agent that changed while we were reading must not be remembered as it was.
    if (agent && readIn === generation) known.set(key, agent);
    return agent;
  };
}
