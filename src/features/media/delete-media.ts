import { notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { mediaDeleted } from "#features/media/events.ts";
import type { MediaPath } from "#features/media/schema.ts";

/**
 * Deletes an upload. Messages that it was sent with keep its content. The sweep deletes the bytes once nothing names
 * them.
 */
export async function deleteMedia(ctx: Context, { id }: MediaPath): Promise<typeof DELETED> {
  return mutate(ctx, mediaDeleted, async (queries) => {
    const found = await queries.selectForUpdate("media").selectAll().where("id", "=", id).executeTakeFirst();
    if (!found || !(hasRole(ctx, "admin") || found.user_id === ctx.userId)) throw notFound("media", id);
    await queries.deleteFrom("media").where("id", "=", id).execute();
    const { name: filename, mime_type, size, user_id: userId } = found;
    return { entityId: id, userId, value: DELETED, details: { filename, mime_type, size } };
  });
}
