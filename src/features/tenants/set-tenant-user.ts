import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { tenantUserSet } from "#features/tenants/events.ts";
import { lockTenantRow } from "#features/tenants/repository.ts";
import type { SetTenantUserInput, TenantUser } from "#features/tenants/schema.ts";

/** Adds a user to a tenant, or changes the role of a member. */
export async function setTenantUser(ctx: Context, input: SetTenantUserInput): Promise<TenantUser> {
  const { user_id, role } = input;
  const created_at = toTimestamp(ctx.clock.now());
  return mutateSystem(ctx, tenantUserSet, async (queries) => {
    const { id: tenant_id } = await lockTenantRow(ctx.use(systemDatabase), queries, input.id);
    const row = await queries
      .insertInto("tenant_users")
      .values({ tenant_id, user_id, role, created_at })
      .onConflict((conflict) => conflict.columns(["tenant_id", "user_id"]).doUpdateSet({ role }))
      .returning("created_at")
      .executeTakeFirstOrThrow();
    const value = { user_id, role, created_at: row.created_at };
    return { entityId: tenant_id, tenantId: tenant_id, value, details: { user_id, role } };
  });
}
