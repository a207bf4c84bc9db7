import { SECOND, toTimestamp } from "#base/clock.ts";
import { AppError, notFound } from "#base/errors.ts";
import { newId, type TenantId } from "#base/ids.ts";
import { randomHex } from "#base/random-hex.ts";
import { hasRole, type Scope } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { ApiKeysTable } from "#db/tables.ts";
import { toJson } from "#db/values.ts";
import { hashApiKey } from "#features/api-keys/api-key-directory.ts";
import { apiKeyCreated } from "#features/api-keys/events.ts";
import { toApiKey } from "#features/api-keys/repository.ts";
import { requireGrantable } from "#features/api-keys/require-grantable.ts";
import { type CreateApiKeyInput, type CreatedApiKey, SHORT_SCOPES } from "#features/api-keys/schema.ts";
import { findTenantRow } from "#features/tenants/index.ts";

const RANDOM_BYTES = 16;
const PREFIX_LENGTH = 8;

export async function createApiKey(ctx: Context, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const now = ctx.clock.now();
  const scopes = [...new Set(input.scopes.map(toScope))];
  const expiresAt = input.expires_in ? toTimestamp(new Date(now.getTime() + input.expires_in * SECOND)) : null;
  const ownerId = input.owner_id ?? boundUser(ctx);
  requireGrantable(ctx, { scopes, ownerId, expiresAt });

  const random = randomHex(RANDOM_BYTES);
  const key = `goclaw_${random}`;
  const row: ApiKeysTable = {
    id: newId(),
    tenant_id: await resolveTenant(ctx, input),
    name: input.name,
    prefix: random.slice(0, PREFIX_LENGTH),
    key_hash: hashApiKey(key),
    scopes: toJson(scopes),
    owner_id: ownerId,
    expires_at: expiresAt,
    last_used_at: null,
    revoked_at: null,
    created_by: ctx.userId,
    created_at: toTimestamp(now),
    updated_at: toTimestamp(now),
  };
  return mutateSystem(ctx, apiKeyCreated, async (queries) => {
    await queries.insertInto("api_keys").values(row).execute();
    const details = { name: row.name, scopes, prefix: row.prefix };
    return { entityId: row.id, tenantId: row.tenant_id ?? ctx.tenantId, value: { ...toApiKey(row), key }, details };
  });
}

const isShort = (scope: string): scope is (typeof SHORT_SCOPES)[number] =>
  SHORT_SCOPES.some((short) => short === scope);

const toScope = (scope: CreateApiKeyInput["scopes"][number]): Scope => (isShort(scope) ? `operator.${scope}` : scope);

const boundUser = ({ actor, userId }: Context): string | null =>
  actor.kind === "api_key" && actor.isBound ? userId : null;

/**
 * Returns null, which means a system key, only for an owner of the gateway who names no tenant. Throws 403 if another
 * caller names a tenant that is not its own.
 */
async function resolveTenant(ctx: Context, { tenant_id }: CreateApiKeyInput): Promise<TenantId | null> {
  if (!hasRole(ctx, "owner")) {
    if (!tenant_id || tenant_id.toLowerCase() === ctx.tenantId) return ctx.tenantId;
    throw new AppError("UNAUTHORIZED", "error.tenant_exceeds", {}, { status: 403, field: "tenant_id" });
  }
  if (!tenant_id) return ctx.isTenantNamed ? ctx.tenantId : null;
  const tenant = await findTenantRow(ctx.use(systemDatabase).read, tenant_id);
  if (!tenant) throw notFound("tenant", tenant_id);
  return tenant.id;
}
