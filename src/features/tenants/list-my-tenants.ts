import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { listTenantsWithRole } from "#features/tenants/repository.ts";
import type { MyTenant } from "#features/tenants/schema.ts";

/**
 * Lists the tenants in which the caller may act. An owner of the gateway gets all tenants, and other users the tenants
 * of their memberships. A key of a tenant and a paired browser get only that tenant. The current tenant is always
 * included.
 */
export async function listMyTenants(ctx: Context): Promise<MyTenant[]> {
  const tenants = await listTenantsWithRole(ctx, ctx.userId);
  return tenants.filter(({ id, role }) => id === ctx.tenantId || isListed(ctx, role));
}

function isListed(ctx: Context, memberRole: string | undefined): boolean {
  if (hasRole(ctx, "owner")) return true;
  const { actor } = ctx;
  const isConfined = actor.kind === "device" || (actor.kind === "api_key" && actor.tenantId !== null);
  return !isConfined && ctx.isUserKnown && memberRole !== undefined;
}
