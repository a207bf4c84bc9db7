import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { LoginsTable } from "#db/access/access-tables.ts";
import type { Login } from "#features/logins/schema.ts";
import { signIn } from "#features/logins/sign-in.ts";
import { toLogin } from "#features/logins/to-login.ts";

/** Lists the latest logins of the tenant: all for administrators, and their own for other users. */
export async function listLogins(ctx: Context): Promise<Login[]> {
  const rows = await ctx.db.read
    .selectFrom("logins")
    .selectAll()
    .where("status", "=", "open")
    .where("expires_at", ">", toTimestamp(ctx.clock.now()))
    .$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId))
    .orderBy("id", "desc")
    .limit(LIMITS.listMax)
    .execute();
  const { keys, devices, tokenMark } = ctx.use(signIn);
  const isAlive = async ({ api_key_id, device_id, token_mark }: LoginsTable) => {
    if (api_key_id !== null) return (await keys.findById(api_key_id)) !== undefined;
    return device_id === null ? token_mark === tokenMark : (await devices.findById(device_id)) !== undefined;
  };
  const alive = await Promise.all(rows.map(isAlive));
  return rows.filter((_, index) => alive[index]).map((row) => toLogin(row, ctx.loginId));
}
