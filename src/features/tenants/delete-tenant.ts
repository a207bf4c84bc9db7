import { failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { tenantDeleted } from "#features/tenants/events.ts";
import { lockTenantRow } from "#features/tenants/repository.ts";
import { runEngine } from "#runtime/engine/index.ts";

/**
 * Deletes a tenant with all its data. Every table refers to its tenant with `on delete cascade`. Its runs stop, and
 * their followers receive `NOT_FOUND`. Throws `FAILED_PRECONDITION` for the master tenant and the caller's own tenant.
 */
export async function deleteTenant(ctx: Context, input: { readonly id: string }): Promise<void> {
  const engine = ctx.use(runEngine);
  const open = await mutateSystem(ctx, tenantDeleted, async (queries) => {
    const { id, slug } = await lockTenantRow(ctx.use(systemDatabase), queries, input.id);
    if (id === MASTER_TENANT_ID) throw failedPrecondition("error.tenant_protected", {}, "tenant_protected");
    // The audit row of this call belongs to the caller's tenant, so that tenant has to stay.
    if (id === ctx.tenantId) throw failedPrecondition("error.tenant_in_use", {}, "tenant_in_use");

    const runs = await queries
      .selectFrom("runs")
      .select("id")
      .where("tenant_id", "=", id)
      .where("ended_at", "is", null)
      .execute();
    await queries.deleteFrom("tenants").where("id", "=", id).execute();
    return { entityId: id, tenantId: id, value: runs, details: { slug } };
  });
  for (const run of open) engine.drop(run.id, "its tenant was deleted");
}
