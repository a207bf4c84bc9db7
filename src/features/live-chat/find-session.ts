import { permissionDenied } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";

export interface FoundSession {
  readonly id: string;
  readonly active_run_id: string | null;
}

/** Finds a session. Throws UNAUTHORIZED with status 403 for one of another user, unless the caller sees all. */
export async function findOwnSession(ctx: Context, key: string): Promise<FoundSession | undefined> {
  const row = await ctx.db.read
    .selectFrom("sessions")
    .select(["id", "user_id", "active_run_id"])
    .where("key", "=", key)
    .executeTakeFirst();
  if (row && row.user_id !== ctx.userId && !hasRole(ctx, "admin")) throw permissionDenied("session");
  return row;
}
