import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import { accountEvents } from "#features/channels/live/channel-accounts.ts";

/** An enabled instance of an agent. */
export interface OwnAccount {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Returns the enabled instances of an agent. The list is the same object until an instance changes. */
export type FindOwnAccounts = (db: TenantDatabase, agentId: string) => Promise<readonly OwnAccount[]>;

const MAX_TENANTS = 10_000;
const NONE: readonly OwnAccount[] = [];

/** Creates the search for an agent's instances. It caches those of a tenant until one changes. */
export function createFindOwnAccounts(events: EventBus): FindOwnAccounts {
  const known = new Remembered<ReadonlyMap<string, readonly OwnAccount[]>>({
    max: MAX_TENANTS,
    ttl: LIMITS.keyCacheTime,
  });
  events.subscribe(accountEvents, {
    receive: ({ tenantId }) => known.forget((key) => key === tenantId),
    onMissed: () => known.forget(),
  });
  return async (db, agentId) => (await known.get(db.tenantId, () => readAccounts(db))).get(agentId) ?? NONE;
}

async function readAccounts(db: TenantDatabase): Promise<ReadonlyMap<string, readonly OwnAccount[]>> {
  const rows = await db.read
    .selectFrom("channel_instances")
    .select(["id", "name", "agent_id", "channel_type as type"])
    .where("enabled", "=", 1)
    .orderBy("name")
    .execute();
  const byAgent = Map.groupBy(rows, ({ agent_id }) => agent_id);
  return new Map(
    [...byAgent].map(([agentId, own]) => [agentId, own.map(({ id, name, type }) => ({ id, name, type }))]),
  );
}
