import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { MediaTable } from "#db/record-tables.ts";

/**
 * Returns an upload that the caller may read: an own one, and for administrators any. A link was signed for its very
 * one.
 */
export async function findMedia(ctx: Context, id: string): Promise<MediaTable | undefined> {
  const found = await ctx.db.read.selectFrom("media").selectAll().where("id", "=", id).executeTakeFirst();
  const seesAll = ctx.actor.kind === "link" || hasRole(ctx, "admin");
  return seesAll || found?.user_id === ctx.userId ? found : undefined;
}
