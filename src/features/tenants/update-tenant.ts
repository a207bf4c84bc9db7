import { toTimestamp } from "#base/clock.ts";
import { alreadyExists, failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { toJson } from "#db/values.ts";
import { tenantUpdated } from "#features/tenants/events.ts";
import { lockTenantRow, toTenant } from "#features/tenants/repository.ts";
import type { Tenant, UpdateTenantInput } from "#features/tenants/schema.ts";

export async function updateTenant(ctx: Context, input: UpdateTenantInput): Promise<Tenant> {
  return mutateSystem(ctx, tenantUpdated, async (queries) => {
    const row = await lockTenantRow(ctx.use(systemDatabase), queries, input.id);
    const { name = row.name, slug = row.slug, status = row.status } = input;
    // If the master tenant were not active, no caller could activate it again.
    if (row.id === MASTER_TENANT_ID && status !== "active") {
      throw failedPrecondition("error.tenant_protected", {}, "tenant_protected");
    }

    const settings = input.settings ? toJson(input.settings) : row.settings;
    const changed = { ...row, name, slug, status, settings, updated_at: toTimestamp(ctx.clock.now()) };
    await queries.updateTable("tenants").set(changed).where("id", "=", row.id).execute();
    const { id: _, ...fields } = input;
    return { entityId: row.id, tenantId: row.id, value: toTenant(changed), details: { changed: Object.keys(fields) } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("tenant", input.slug ?? input.id) : thrown;
  });
}
