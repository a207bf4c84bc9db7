import { MASTER_TENANT_ID } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { Caller } from "#features/logins/schema.ts";
import { getTenant } from "#features/tenants/index.ts";

/** Says who makes a call, and by which credential. */
export async function describeCaller(ctx: Context): Promise<Caller> {
  const { name, slug } = await getTenant(ctx, ctx.tenantId);
  const { kind } = ctx.actor;
  const isOwner = hasRole(ctx, "owner");
  return {
    role: ctx.role,
    user_id: ctx.userId,
    tenant_id: ctx.tenantId,
    tenant_slug: slug,
    tenant_name: name,
    is_owner: isOwner,
    is_master_scope: isOwner || ctx.tenantId === MASTER_TENANT_ID,
    authenticated_by: kind === "gateway" || kind === "api_key" || kind === "device" ? kind : "none",
    login_id: ctx.loginId ?? null,
  };
}
