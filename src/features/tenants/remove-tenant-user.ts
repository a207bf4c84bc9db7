import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { tenantUserRemoved } from "#features/tenants/events.ts";
import { lockTenantRow } from "#features/tenants/repository.ts";
import type { TenantUserPath } from "#features/tenants/schema.ts";

/** Removes a user from a tenant. Idempotent. Throws `NOT_FOUND` if the tenant does not exist. */
export async function removeTenantUser(ctx: Context, { id, userID }: TenantUserPath): Promise<void> {
  const system = ctx.use(systemDatabase);
  await mutateSystem(ctx, tenantUserRemoved, async (queries) => {
    const tenant = await lockTenantRow(system, queries, id);
    const member = await queries
      .selectFrom("tenant_users")
      .select("user_id")
      .where("tenant_id", "=", tenant.id)
      .where("user_id", "=", userID)
      .executeTakeFirst();
    if (!member) return { unchanged: undefined };

    await queries.deleteFrom("tenant_users").where("tenant_id", "=", tenant.id).where("user_id", "=", userID).execute();
    return { entityId: tenant.id, tenantId: tenant.id, value: undefined, details: { user_id: userID } };
  });
}
