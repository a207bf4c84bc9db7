import { LRUCache } from "lru-cache";
import { isUuid, type TenantId, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { TenantsTable } from "#db/tables.ts";

export interface KnownTenant {
  readonly id: TenantId;
  readonly status: TenantsTable["status"];
}

/** Finds tenants by id or slug, from memory where it can; a changed tenant is read again at once. */
export interface TenantDirectory {
  find(idOrSlug: string): Promise<KnownTenant | undefined>;
}

export function createTenantDirectory(system: SystemDatabase, events: EventBus): TenantDirectory {
  const known = new LRUCache<string, KnownTenant>({ max: 10_000, ttl: LIMITS.keyCacheTime });
  events.subscribe("tenant.", () => known.clear());

  return {
    async find(idOrSlug) {
      const name = idOrSlug.toLowerCase();
      const cached = known.get(name);
      if (cached) return cached;
      const query = system.read.selectFrom("tenants").select(["id", "status"]);
      const row = await (isUuid(name) ? query.where("id", "=", toTenantId(name)) : query.where("slug", "=", name))
        .limit(1)
        .executeTakeFirst();
      if (row) known.set(name, row);
      return row;
    },
  };
}
