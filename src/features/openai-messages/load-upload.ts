import { invalidField } from "#base/errors.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import type { Context } from "#core/context.ts";
import { findMedia } from "#features/media/index.ts";
import { storePicture } from "#features/openai-messages/store-picture.ts";
import { blobStore, type MessagePart } from "#runtime/transcript/index.ts";

const ROUTE = "/v1/media/";

/** Returns true for the path of the URL of an upload. */
export const isUpload = (url: string): boolean => url.startsWith(ROUTE);

/**
 * Returns the part of a message that an upload of the caller is, by its id, its path or the path of its URL. Throws 400
 * for what the caller may not read. A model that does not take the type is told which tool reads the file.
 */
export async function loadUpload(ctx: Context, reference: string, field: string): Promise<MessagePart> {
  const id = reference.replace(/^(?:\/v1\/)?media\//, "").replace(/\?.*$/, "");
  const found = await findMedia(ctx, id);
  if (!found) throw invalidField(field, "the id of an upload is expected");
  const { mime_type: media_type, blob, size: bytes, name: filename } = found;
  if (!IMAGE_TYPES.includes(media_type)) return { type: "file", media_type, blob, bytes, filename };
  const opened = await ctx.use(blobStore).open(ctx.tenantId, blob);
  return { type: "image", ...(await storePicture(ctx, await opened.bytes(), field)) };
}
