import { hasRole } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import { listTenantsWithRole } from "#features/tenants/repository.ts";
import type { MyTenant } from "#features/tenants/schema.ts";

/** All of them for an owner of the gateway, its own for a key, a user's memberships otherwise; always the current one. */
export async function listMyTenants(ctx: Context): Promise<MyTenant[]> {
  const tenants = await listTenantsWithRole(ctx, ctx.userId);
  return tenants.filter(({ id, role }) => id === ctx.tenantId || isListed(ctx, role));
}

function isListed(ctx: Context, memberRole: string | undefined): boolean {
  if (hasRole(ctx, "owner")) return true;
  const isConfined = ctx.actor.kind === "api_key" && ctx.actor.tenantId !== null;
  return !isConfined && ctx.isUserKnown && memberRole !== undefined;
}
