import { notFound } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import { type Context, deriveContext } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { loginRevoked } from "#features/logins/events.ts";
import { signIn } from "#features/logins/sign-in.ts";

/** Signs a browser out. Throws NOT_FOUND unless the caller administers its tenant, or it is one of the caller's own. */
export async function revokeLogin(ctx: Context, id: string): Promise<void> {
  if (id === ctx.loginId) return endOwnLogin(ctx);
  await endLogin(ctx, { id, tenantId: ctx.tenantId, isOwn: hasRole(ctx, "admin") });
}

/** Signs out the browser that calls. Throws NOT_FOUND for a caller that no cookie names. */
export async function endOwnLogin(ctx: Context): Promise<void> {
  const { loginId: id } = ctx;
  // The caller may act in another tenant than the one in which it signed in.
  const tenantId = id === undefined ? undefined : await ctx.use(signIn).logins.findTenant(id);
  if (id === undefined || tenantId === undefined) throw notFound("login", "current");
  await endLogin(ctx, { id, tenantId, isOwn: true });
}

/** Signs out whoever has a cookie, if somebody does. */
export async function endLoginOf(ctx: Context, cookie: string): Promise<void> {
  const place = await ctx.use(signIn).logins.findPlace(cookie);
  if (place) await endLogin(ctx, { id: place.id, tenantId: place.tenant_id, isOwn: true });
}

interface Ending {
  readonly id: string;
  readonly tenantId: TenantId;
  /** True if the caller may end it whoever its user is. */
  readonly isOwn: boolean;
}

async function endLogin(ctx: Context, { id, tenantId, isOwn }: Ending): Promise<void> {
  const there = deriveContext(ctx, { tenantId, db: ctx.use(signIn).forTenant(tenantId) });
  await mutate(there, loginRevoked, async (queries) => {
    const row = await queries
      .selectForUpdate("logins")
      .select(["user_id"])
      .where("id", "=", id.toLowerCase())
      .where("status", "=", "open")
      .executeTakeFirst();
    if (!row || !(isOwn || row.user_id === ctx.userId)) throw notFound("login", id);
    await queries.deleteFrom("logins").where("id", "=", id.toLowerCase()).execute();
    const { user_id } = row;
    return { entityId: id.toLowerCase(), userId: user_id, value: undefined, details: { user_id } };
  });
}
