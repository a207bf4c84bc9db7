import { isUuid } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { ApiKeysTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import type { ApiKey } from "#features/api-keys/schema.ts";

const NO_TENANT = "00000000-0000-0000-0000-000000000000";

const toWireTenantId = (tenantId: string | null): string => tenantId ?? NO_TENANT;

const maskPrefix = (prefix: string): string => `goclaw_${prefix}…`;

/** Converts a row to its wire form, without the hash. */
export function toApiKey({ key_hash: _, revoked_at, owner_id, ...row }: ApiKeysTable): ApiKey {
  return {
    ...row,
    tenant_id: toWireTenantId(row.tenant_id),
    masked: maskPrefix(row.prefix),
    scopes: fromJson(row.scopes),
    revoked: revoked_at !== null,
    ...(owner_id !== null && { owner_id }),
  };
}

/** Returns true for owners of the gateway and for system keys. Only they may see system keys. */
const seesSystemKeys = (ctx: Context): boolean =>
  hasRole(ctx, "owner") || (ctx.actor.kind === "api_key" && ctx.actor.tenantId === null);

// The tenant filter is here and not in the scoped queries, because system keys have no tenant.
function visibleKeys(ctx: Context) {
  const query = ctx.use(systemDatabase).read.selectFrom("api_keys").selectAll();
  if (!seesSystemKeys(ctx)) return query.where("tenant_id", "=", ctx.tenantId);
  return query.where((where) => where.or([where("tenant_id", "=", ctx.tenantId), where("tenant_id", "is", null)]));
}

export async function listApiKeys(ctx: Context): Promise<ApiKey[]> {
  const rows = await visibleKeys(ctx).orderBy("created_at", "desc").orderBy("id", "desc").execute();
  return rows.map(toApiKey);
}

export async function findApiKey(ctx: Context, id: string): Promise<ApiKeysTable | undefined> {
  return isUuid(id) ? visibleKeys(ctx).where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
}
