import { type Clock, toTimestamp } from "#base/clock.ts";
import { toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { DeviceDirectory, KnownDevice } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import type { DevicesTable } from "#db/access/access-tables.ts";
import type { SystemDatabase } from "#db/database.ts";
import { deviceApproved, deviceRevoked } from "#features/devices/events.ts";
import { parseSenderId, type SenderId } from "#features/devices/sender-id.ts";

interface Lookup {
  readonly device: (KnownDevice & { readonly expiresAt: string }) | undefined;
}

/** The browsers of all tenants, by the credential that each has before its tenant is known. */
export interface Devices extends DeviceDirectory {
  /** Returns the row of a browser, in whatever state it is. It is read anew. */
  findRow(senderId: SenderId): Promise<DevicesTable | undefined>;
}

/**
 * Finds browsers by the hash of their credential. Known and unknown ones are kept in memory for
 * `LIMITS.deviceCacheTime`, and an approval or revocation clears the memory at once. Expiry is checked on every call.
 * Use renews a pairing, which is written down once in `LIMITS.deviceUseTime`.
 */
export function createDeviceDirectory(system: SystemDatabase, events: EventBus, clock: Clock): Devices {
  const known = new Remembered<Lookup>({ max: LIMITS.deviceCacheEntries, ttl: LIMITS.deviceCacheTime });
  const forget = () => known.forget();
  // A request changes nothing that is known, so strangers cannot empty the memory.
  events.subscribe([deviceApproved, deviceRevoked], { receive: forget, onMissed: forget });

  const findRow = ({ hash }: SenderId) =>
    system.read.selectFrom("devices").selectAll().where("sender_hash", "=", hash).executeTakeFirst();

  const renew = async ({ id, expires_at }: DevicesTable): Promise<string> => {
    const now = clock.now();
    const renewed = toTimestamp(new Date(now.getTime() + LIMITS.deviceTime));
    const isFresh = Date.parse(renewed) - Date.parse(expires_at) < LIMITS.deviceUseTime;
    if (isFresh || expires_at <= toTimestamp(now)) return expires_at;
    const write = system.write((queries) =>
      queries
        .updateTable("devices")
        .set({ expires_at: renewed, updated_at: toTimestamp(now) })
        .where("id", "=", id)
        .where("status", "=", "approved")
        .execute(),
    );
    // A failed write leaves the browser the time that it had.
    return write.then(
      () => renewed,
      () => expires_at,
    );
  };

  const toLookup = async (row: DevicesTable | undefined): Promise<Lookup> => {
    if (row?.status !== "approved") return { device: undefined };
    const { id, short_id: shortId, tenant_id } = row;
    return { device: { id, shortId, tenantId: toTenantId(tenant_id), expiresAt: await renew(row) } };
  };

  const find = async (key: string, read: () => Promise<DevicesTable | undefined>) => {
    const { device } = await known.get(key, async () => toLookup(await read()));
    return device && device.expiresAt > toTimestamp(clock.now()) ? device : undefined;
  };

  return {
    findRow,
    async find(written) {
      const senderId = parseSenderId(written);
      return senderId && find(senderId.hash, () => findRow(senderId));
    },
    findById: (id) =>
      find(id, () => system.read.selectFrom("devices").selectAll().where("id", "=", id).executeTakeFirst()),
  };
}
