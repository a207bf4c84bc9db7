import { aKey, OWNER } from "#features/tenants/tenant-fixture.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/**
 * The kinds of callers that each operation is tested with. Keys belong to the master tenant unless the name says
 * otherwise.
 */
export const CALLERS = [
  "none",
  "wrong",
  "revoked",
  "expired",
  "read",
  "write",
  "admin",
  "otherAdmin",
  "gateway",
  "owner",
] as const;
export type Caller = (typeof CALLERS)[number];

/** The expected admission: let in (with any answer), unauthenticated (401), or authenticated and refused (403). */
export type Admission = "ok" | 401 | 403;
export type Expectation = Readonly<Record<Caller, Admission>>;

const UNAUTHENTICATED = { none: 401, wrong: 401, revoked: 401, expired: 401 } as const;
export const EVERYONE: Expectation = {
  none: "ok",
  wrong: "ok",
  revoked: "ok",
  expired: "ok",
  read: "ok",
  write: "ok",
  admin: "ok",
  otherAdmin: "ok",
  gateway: "ok",
  owner: "ok",
};
export const READERS: Expectation = { ...EVERYONE, ...UNAUTHENTICATED };
export const WRITERS: Expectation = { ...READERS, read: 403 };
export const ADMINS: Expectation = { ...WRITERS, write: 403 };
export const MASTER_ADMINS: Expectation = { ...ADMINS, otherAdmin: 403 };
export const OWNERS: Expectation = { ...MASTER_ADMINS, admin: 403, gateway: 403 };

/** Makes every kind of caller. The one that is expired is so an hour later. The tenant `other` has to exist. */
export async function makeCallers(gateway: TestGateway): Promise<Readonly<Record<Caller, CallOptions>>> {
  const revoked = await aKey(gateway, ["admin"]);
  await gateway.call("DELETE", `/v1/api-keys/${revoked.id}`, undefined, OWNER);
  return {
    none: { bearer: null },
    wrong: { bearer: `${gateway.token.slice(0, -1)}x` },
    revoked,
    expired: await aKey(gateway, ["admin"], { expires_in: 60 }),
    read: await aKey(gateway, ["read"]),
    write: await aKey(gateway, ["write"]),
    admin: await aKey(gateway, ["admin"]),
    otherAdmin: await aKey(gateway, ["admin"], { tenant: "other" }),
    gateway: {},
    owner: OWNER,
  };
}
