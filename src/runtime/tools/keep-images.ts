import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import { MAX_IMAGE_BYTES } from "#base/media/picture.ts";
import type { BlobStore, ImagePart } from "#runtime/transcript/index.ts";

export interface ImageKeeping {
  readonly tenantId: TenantId;
  readonly blobs: BlobStore;
  readonly imagePreparer: ImagePreparer;
  readonly logger: Logger;
}

export interface KeptImages {
  readonly images: readonly ImagePart[];
  /** How many images no model can take, or could not be stored. */
  readonly lost: number;
}

/**
 * Prepares the images of a tool result for models and stores them. A picture that a provider would refuse is left out,
 * because it would be refused again with every later call of the session. Never throws: the text of the result remains.
 */
export async function keepImages(given: readonly Uint8Array[], keeping: ImageKeeping): Promise<KeptImages> {
  const images: ImagePart[] = [];
  for (const bytes of given) {
    const image = await keepImage(bytes, keeping);
    if (image) images.push(image);
  }
  return { images, lost: given.length - images.length };
}

async function keepImage(
  bytes: Uint8Array,
  { tenantId, blobs, imagePreparer, logger }: ImageKeeping,
): Promise<ImagePart | undefined> {
  const mediaType = typeOfContent("", bytes.subarray(0, SIGNATURE_BYTES));
  if (!IMAGE_TYPES.includes(mediaType) || bytes.length > LIMITS.imageBytes) return undefined;
  const picture = await imagePreparer.prepareWhole({ bytes, mediaType }, tenantId);
  if (!picture || picture.bytes.length > MAX_IMAGE_BYTES) return undefined;
  try {
    const limits = { maxBytes: MAX_IMAGE_BYTES, type: picture.mediaType };
    const { id, size } = await blobs.put(tenantId, [picture.bytes], limits);
    return { type: "image", media_type: picture.mediaType, blob: id, bytes: size };
  } catch (thrown) {
    logger.warn({ error: thrown }, "an image of a tool result could not be stored");
    return undefined;
  }
}
