import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";

/** Returns the id of an instance by its name. Throws NOT_FOUND. */
export async function findInstanceByName(ctx: Context, name: string): Promise<string> {
  const row = await ctx.db.read
    .selectFrom("channel_instances")
    .select("id")
    .where("name", "=", name)
    .executeTakeFirst();
  if (!row) throw notFound("channel", name);
  return row.id;
}
