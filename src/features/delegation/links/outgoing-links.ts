import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import { agentEvents } from "#features/agents/index.ts";
import { agentLinkEvents } from "#features/delegation/events.ts";
import { readLinkRows, toLinks } from "#features/delegation/links/repository.ts";
import type { AgentLink } from "#features/delegation/links/schema.ts";
import { tenantDeleted } from "#features/tenants/index.ts";

/** An agent to which another may hand tasks. */
export interface Colleague {
  readonly link: AgentLink;
  readonly agentId: string;
  readonly agentKey: string;
}

/** The colleagues of one agent. The list is the same object until a link or an agent changes. */
export type FindColleagues = (db: TenantDatabase, agentId: string) => Promise<readonly Colleague[]>;

const MAX_TENANTS = 10_000;
const NOBODY: readonly Colleague[] = [];

/** Creates the search for an agent's colleagues. It caches a tenant's links until one changes. */
export function createFindColleagues(events: EventBus): FindColleagues {
  const known = new Remembered<ReadonlyMap<string, readonly Colleague[]>>({
    max: MAX_TENANTS,
    ttl: LIMITS.keyCacheTime,
  });
  events.subscribe([...agentLinkEvents, ...agentEvents, tenantDeleted], {
    receive: ({ tenantId }) => known.forget((key) => key === tenantId),
    onMissed: () => known.forget(),
  });
  return async (db, agentId) => {
    const load = async () => toColleagues(await toLinks(db.read, await readLinkRows(db.read)));
    return (await known.get(db.tenantId, load)).get(agentId) ?? NOBODY;
  };
}

function toColleagues(links: readonly AgentLink[]): ReadonlyMap<string, readonly Colleague[]> {
  const active = links.filter(({ status }) => status === "active");
  const pairs = active.flatMap((link) => [
    ...(link.direction === "inbound" ? [] : [{ from: link.source_agent_id, colleague: toTarget(link) }]),
    ...(link.direction === "outbound" ? [] : [{ from: link.target_agent_id, colleague: toSource(link) }]),
  ]);
  const byAgent = Map.groupBy(pairs, ({ from }) => from);
  return new Map([...byAgent].map(([from, found]) => [from, found.map(({ colleague }) => colleague)]));
}

const toTarget = (link: AgentLink): Colleague => ({
  link,
  agentId: link.target_agent_id,
  agentKey: link.target_agent_key,
});
const toSource = (link: AgentLink): Colleague => ({
  link,
  agentId: link.source_agent_id,
  agentKey: link.source_agent_key,
});
