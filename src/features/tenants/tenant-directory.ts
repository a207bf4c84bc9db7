import { isUuid, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { KnownTenant, TenantDirectory } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import { tenantEvents } from "#features/tenants/events.ts";

const MAX_TENANTS = 10_000;

/** Finds tenants by id or slug and caches them for `LIMITS.keyCacheTime`. A change clears the cache at once. */
export function createTenantDirectory(system: SystemDatabase, events: EventBus): TenantDirectory {
  const known = new Remembered<KnownTenant>({ max: MAX_TENANTS, ttl: LIMITS.keyCacheTime });
  const forget = () => known.forget();
  events.subscribe(tenantEvents, { receive: forget, onMissed: forget });

  return {
    find(idOrSlug) {
      const name = idOrSlug.toLowerCase();
      return known.get(name, () => {
        const rows = system.read.selectFrom("tenants").select(["id", "status"]);
        const named = isUuid(name) ? rows.where("id", "=", toTenantId(name)) : rows.where("slug", "=", name);
        return named.limit(1).executeTakeFirst();
      });
    },
  };
}
