import { failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { getTenantRow } from "#features/tenants/repository.ts";
import { runEngine } from "#runtime/run-engine.ts";

/**
 * Removes a tenant with everything in it: every table refers to its tenant with `on delete cascade`. Work on its runs
 * stops, and whoever follows one hears that it is gone.
 */
export async function deleteTenant(ctx: Context, input: { readonly id: string }): Promise<void> {
  const engine = ctx.use(runEngine);
  const open = await mutateSystem(ctx, async (queries) => {
    const { id, slug } = await getTenantRow(queries, input.id);
    if (id === MASTER_TENANT_ID) throw failedPrecondition("error.tenant_protected", {}, "tenant_protected");
    // The audit row of this very call is kept in the caller's tenant.
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
