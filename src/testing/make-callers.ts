import { aKey, OWNER } from "#features/tenants/tenant-fixture.ts";
import type { Caller } from "#testing/callers.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

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
