import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Scope } from "#core/access.ts";
import type { EventBus } from "#core/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import { fromJson } from "#db/values.ts";

export interface KnownKey {
  readonly id: string;
  readonly prefix: string;
  readonly tenantId: TenantId | null;
  readonly ownerId: string | null;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

const KEY_PATTERN = /^goclaw_[0-9a-f]{32}$/;

/** Keys are stored as this alone. */
export const hashApiKey = (rawKey: string): string => createHash("sha256").update(rawKey).digest("hex");

export interface ApiKeyDirectory {
  /** The live key behind a raw one; undefined when unknown, revoked or expired. */
  find(rawKey: string): Promise<KnownKey | undefined>;
}

/**
 * Looks keys up by their hash and remembers both answers for a while. A created or revoked key empties the memory at
 * once; expiry is checked on every call, so that it is exact.
 */
export function createApiKeyDirectory(system: SystemDatabase, events: EventBus, clock: Clock): ApiKeyDirectory {
  const known = new LRUCache<string, { readonly key: KnownKey | null }>({
    max: LIMITS.keyCacheEntries,
    ttl: LIMITS.keyCacheTime,
  });
  let generation = 0;
  events.subscribe("api_key.", () => {
    generation++;
    known.clear();
  });

  const read = async (hash: string): Promise<KnownKey | null> => {
    const row = await system.read
      .selectFrom("api_keys")
      .select(["id", "prefix", "tenant_id", "owner_id", "scopes", "expires_at"])
      .where("key_hash", "=", hash)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (!row) return null;
    const { id, prefix, tenant_id, owner_id, scopes, expires_at } = row;
    return { id, prefix, tenantId: tenant_id, ownerId: owner_id, scopes: fromJson(scopes), expiresAt: expires_at };
  };

  const noteUse = (id: string) =>
    system
      .write((queries) =>
        queries
          .updateTable("api_keys")
          .set({ last_used_at: toTimestamp(clock.now()) })
          .where("id", "=", id)
          .execute(),
      )
      .catch(() => {}); // When a key was last used is worth less than the call that uses it.

  return {
    async find(rawKey) {
      if (!KEY_PATTERN.test(rawKey)) return undefined;
      const hash = hashApiKey(rawKey);
      let entry = known.get(hash);
      if (!entry) {
        const readIn = generation;
        entry = { key: await read(hash) };
        // A key revoked while we were reading must not come back to life in the memory.
        if (readIn === generation) known.set(hash, entry);
        if (entry.key) void noteUse(entry.key.id);
      }
      const { key } = entry;
      const isExpired = key?.expiresAt != null && key.expiresAt <= toTimestamp(clock.now());
      return key && !isExpired ? key : undefined;
    },
  };
}
