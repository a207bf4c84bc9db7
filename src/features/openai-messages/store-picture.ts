import { AppError } from "#base/errors.ts";
import { freeBytes } from "#base/free-bytes.ts";
import { LIMITS } from "#base/limits.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import type { Context } from "#core/context.ts";
import { imagePreparer } from "#core/platform.ts";
import { storeBlob } from "#features/openai-messages/store-blob.ts";
import { BlobTooLargeError } from "#runtime/transcript/index.ts";

/** Prepares an image for models, stores it and frees its bytes. They tell its type. Throws 400 for what is no image. */
export async function storePicture(ctx: Context, bytes: Uint8Array, field: string) {
  const mediaType = typeOfContent("", bytes.subarray(0, SIGNATURE_BYTES));
  if (!IMAGE_TYPES.includes(mediaType)) throw imageInvalid(field, IMAGE_TYPES.join(", "));
  const picture = await ctx.use(imagePreparer).prepare({ bytes, mediaType }, ctx.tenantId);
  if (picture.bytes !== bytes) freeBytes(bytes);
  try {
    return await storeBlob(ctx, picture, LIMITS.imageBytes);
  } catch (thrown) {
    throw thrown instanceof BlobTooLargeError ? imageInvalid(field, `> ${LIMITS.imageBytes} bytes`) : thrown;
  }
}

export const imageInvalid = (field: string, detail: string) =>
  new AppError("INVALID_REQUEST", "error.image_invalid", { detail }, { field });
