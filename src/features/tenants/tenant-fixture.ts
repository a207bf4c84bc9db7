import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/** The user who owns the gateway. */
export const OWNER = { user: "system" } as const satisfies CallOptions;

/** Creates a tenant for a test. Returns its id. */
export async function aTenant({ call }: TestGateway, slug: string): Promise<string> {
  const { body } = await call("POST", "/v1/tenants", { name: slug, slug }, OWNER);
  return body.id;
}

/** Creates a key and returns its call options. `tenant` is an id or slug, by default the master tenant. */
export async function aKey(
  { call }: TestGateway,
  scopes: readonly string[],
  { tenant = "master", ...input }: { readonly tenant?: string; readonly [field: string]: unknown } = {},
): Promise<CallOptions & { readonly id: string; readonly bearer: string }> {
  const headers = { "X-GoClaw-Tenant-Id": tenant };
  const { body } = await call("POST", "/v1/api-keys", { name: "test", scopes, ...input }, { ...OWNER, headers });
  return { id: body.id, bearer: body.key };
}
