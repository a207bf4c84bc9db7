import { createHash } from "node:crypto";
import { type Clock, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { ApiKeyDirectory, KnownKey } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import { fromJson } from "#db/values.ts";
import { apiKeyEvents } from "#features/api-keys/events.ts";

const KEY_PATTERN = /^goclaw_[0-9a-f]{32}$/;

/** Returns the SHA-256 hash of a key in hex. The database stores only this hash. */
export const hashApiKey = (rawKey: string): string => createHash("sha256").update(rawKey).digest("hex");

/**
 * Finds keys by their hash and caches them for `LIMITS.keyCacheTime`, including unknown keys. A created or revoked key
 * clears the cache at once. Expiry is checked on every call, so it is exact.
 */
export function createApiKeyDirectory(system: SystemDatabase, events: EventBus, clock: Clock): ApiKeyDirectory {
  const known = new Remembered<{ readonly key: KnownKey | undefined }>({
    max: LIMITS.keyCacheEntries,
    ttl: LIMITS.keyCacheTime,
  });
  const forget = () => known.forget();
  events.subscribe(apiKeyEvents, { receive: forget, onMissed: forget });

  const read = async (column: "id" | "key_hash", value: string): Promise<KnownKey | undefined> => {
    const row = await system.read
      .selectFrom("api_keys")
      .select(["id", "prefix", "tenant_id", "owner_id", "scopes", "expires_at"])
      .where(column, "=", value)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (!row) return undefined;
    const { id, prefix, tenant_id, owner_id, scopes, expires_at } = row;
    return { id, prefix, tenantId: tenant_id, ownerId: owner_id, scopes: fromJson(scopes), expiresAt: expires_at };
  };

  const recordUse = (id: string) =>
    system
      .write((queries) =>
        queries
          .updateTable("api_keys")
          .set({ last_used_at: toTimestamp(clock.now()) })
          .where("id", "=", id)
          .execute(),
      )
      // A failed write must not fail the call, because the time of the last use is only informative.
      .catch(() => {});

  // Ids and hashes differ in length, so they share one memory.
  const find = async (column: "id" | "key_hash", value: string): Promise<KnownKey | undefined> => {
    const { key } = await known.get(value, async () => {
      const found = await read(column, value);
      if (found) void recordUse(found.id);
      return { key: found };
    });
    const isExpired = key?.expiresAt != null && key.expiresAt <= toTimestamp(clock.now());
    return key && !isExpired ? key : undefined;
  };

  return {
    find: async (rawKey) => (KEY_PATTERN.test(rawKey) ? find("key_hash", hashApiKey(rawKey)) : undefined),
    findById: (id) => find("id", id),
  };
}
