import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { KnownLogin, LoginDirectory, LoginProof } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import type { LoginsTable } from "#db/access/access-tables.ts";
import type { SystemDatabase } from "#db/database.ts";
import { loginRevoked } from "#features/logins/events.ts";
import { hashSecret } from "#features/logins/login-secret.ts";

interface Lookup {
  readonly login: (KnownLogin & { readonly expiresAt: string }) | undefined;
}

/** The logins of all tenants, by their secrets, before any tenant is known. */
export interface Logins extends LoginDirectory {
  /** Returns the id and tenant of the login with a cookie, also where its credential is gone. */
  findPlace(cookie: string): Promise<Pick<LoginsTable, "id" | "tenant_id"> | undefined>;
  /** Returns the tenant that holds a login. */
  findTenant(id: string): Promise<TenantId | undefined>;
}

interface LoginSettings {
  readonly events: EventBus;
  readonly clock: Clock;
  readonly tokenMark: string | undefined;
}

/**
 * Finds logins by the hash of their secret. Known and unknown cookies are kept in memory for `LIMITS.loginCacheTime`,
 * and a revocation clears the memory at once. Expiry is checked on every call. Use renews a login, which is written down
 * once in `LIMITS.loginUseTime`. Logins of another gateway token are unknown.
 */
export function createLoginDirectory(system: SystemDatabase, { events, clock, tokenMark }: LoginSettings): Logins {
  const known = new Remembered<Lookup>({ max: LIMITS.loginCacheEntries, ttl: LIMITS.loginCacheTime });
  const forget = () => known.forget();
  events.subscribe([loginRevoked], { receive: forget, onMissed: forget });

  const rows = () => system.read.selectFrom("logins");
  const findRow = (hash: string, kind: LoginProof["kind"]) =>
    rows()
      .selectAll()
      .where("secret_hash", "=", hash)
      .where("status", "=", kind === "code" ? "offered" : "open")
      .executeTakeFirst();

  const renew = async ({ id, created_at, last_used_at, expires_at }: LoginsTable): Promise<string> => {
    const now = clock.now().getTime();
    const isFresh = now - Date.parse(last_used_at) < LIMITS.loginUseTime;
    if (isFresh || expires_at <= toTimestamp(new Date(now))) return expires_at;
    const end = Math.min(now + LIMITS.loginTime, Date.parse(created_at) + LIMITS.loginTimeMax);
    const [used, renewed] = [toTimestamp(new Date(now)), toTimestamp(new Date(end))];
    const write = system.write((queries) =>
      queries
        .updateTable("logins")
        .set({ last_used_at: used, expires_at: renewed, updated_at: used })
        .where("id", "=", id)
        .execute(),
    );
    // A failed write leaves the browser the time that it had.
    return write.then(
      () => renewed,
      () => expires_at,
    );
  };

  const look = async (hash: string, kind: LoginProof["kind"]): Promise<Lookup> => {
    const row = await findRow(hash, kind);
    const isOfThisToken = row?.token_mark != null && row.token_mark === tokenMark;
    if (!row || (row.api_key_id === null && row.device_id === null && !isOfThisToken)) return { login: undefined };
    const login = {
      id: row.id,
      keyId: row.api_key_id,
      deviceId: row.device_id,
      userId: row.user_id,
      tenantId: row.names_tenant ? row.tenant_id : undefined,
      expiresAt: kind === "cookie" ? await renew(row) : row.expires_at,
    };
    return { login };
  };

  return {
    async find(proof) {
      const hash = hashSecret(proof);
      if (hash === undefined) return undefined;
      const { kind } = proof;
      const { login } = kind === "cookie" ? await known.get(hash, () => look(hash, kind)) : await look(hash, kind);
      return login && login.expiresAt > toTimestamp(clock.now()) ? login : undefined;
    },
    async findPlace(cookie) {
      const hash = hashSecret({ kind: "cookie", text: cookie });
      return hash === undefined ? undefined : findRow(hash, "cookie");
    },
    findTenant: async (id) => (await rows().select("tenant_id").where("id", "=", id).executeTakeFirst())?.tenant_id,
  };
}
