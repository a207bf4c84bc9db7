import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import { newId, toTenantId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantsTable } from "#db/tables.ts";
import { toJson } from "#db/values.ts";
import { tenantCreated } from "#features/tenants/events.ts";
import { toTenant } from "#features/tenants/repository.ts";
import type { CreateTenantInput, Tenant } from "#features/tenants/schema.ts";

export async function createTenant(ctx: Context, input: CreateTenantInput): Promise<Tenant> {
  const now = toTimestamp(ctx.clock.now());
  const row: TenantsTable = {
    id: toTenantId(newId()),
    name: input.name,
    slug: input.slug,
    status: input.status,
    settings: toJson(input.settings),
    created_at: now,
    updated_at: now,
  };
  return mutateSystem(ctx, tenantCreated, async (queries) => {
    await queries.insertInto("tenants").values(row).execute();
    return { entityId: row.id, tenantId: row.id, value: toTenant(row), details: { slug: row.slug } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("tenant", input.slug) : thrown;
  });
}
