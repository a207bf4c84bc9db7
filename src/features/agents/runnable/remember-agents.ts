import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import { agentEvents } from "#features/agents/events.ts";
import { tenantEvents } from "#features/tenants/index.ts";

const MAX_KNOWN = 1_000;

/** Reads facts about an agent by a reference. Resolves to undefined if the agent does not exist. */
type ReadAgent<Read> = (db: TenantDatabase, reference: string) => Promise<Read | undefined>;

/**
 * Caches facts about agents in memory for `LIMITS.agentCacheTime`. A change in this process takes effect at once. A
 * change in another process takes effect when this one hears of it, or after that time.
 */
export function rememberAgents<Read extends object>(events: EventBus, read: ReadAgent<Read>): ReadAgent<Read> {
  const known = new Remembered<Read>({ max: MAX_KNOWN, ttl: LIMITS.agentCacheTime });
  const forget = () => known.forget();
  events.subscribe([...agentEvents, ...tenantEvents], { receive: forget, onMissed: forget });
  return (db, reference) => known.get(`${db.tenantId}:${reference}`, () => read(db, reference));
}
