import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { getTenantRow, listTenantUsers } from "#features/tenants/repository.ts";
import type { TenantUserPath } from "#features/tenants/schema.ts";

/** Ends a membership. Ending one that is not there changes nothing. */
export async function removeTenantUser(ctx: Context, { id, userID }: TenantUserPath): Promise<void> {
  const tenant = await getTenantRow(ctx.use(systemDatabase).read, id);
  const users = await listTenantUsers(ctx, tenant.id);
  if (!users.some((user) => user.user_id === userID)) return;

  await mutateSystem(ctx, async (queries) => {
    await queries.deleteFrom("tenant_users").where("tenant_id", "=", tenant.id).where("user_id", "=", userID).execute();
    return { entityId: tenant.id, tenantId: tenant.id, value: undefined, details: { user_id: userID } };
  });
}
