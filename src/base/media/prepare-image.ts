import { holdsMetadata } from "#base/media/image-metadata.ts";

/** An image in one of the formats that models take. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export type ImagePreparer = (picture: Picture) => Promise<Picture>;

/**
 * Models scale larger images down themselves, and charge for them until then. Anthropic refuses a request with more than
 * 20 images if a side of one has 2,000 pixels or more. In pixels.
 */
const MAX_SIDE = 1_920;
/** Anthropic refuses images of more than 5 MB in base64. */
export const MAX_IMAGE_BYTES = 3_750_000;
/** A pixel takes four bytes while an image is scaled. */
export const MAX_PIXELS = 50_000_000;
const QUALITY = 85;

/** Animations would lose all pictures but the first. */
const PREPARED = ["image/jpeg", "image/png", "image/webp"];

/**
 * Prepares images for models. Large ones are scaled down, and they are turned upright as their EXIF data say. Data such
 * as the place where a picture was taken are removed. An image that needs none of this, or cannot be decoded, stays as
 * it is. The work is done outside the event loop, for one image after the other.
 */
export function createImagePreparer(): ImagePreparer {
  let last: Promise<unknown> = Promise.resolve();
  return (picture) => {
    const next = last.then(() => prepare(picture));
    last = next;
    return next;
  };
}

async function prepare(picture: Picture): Promise<Picture> {
  const { bytes, mediaType } = picture;
  if (!PREPARED.includes(mediaType)) return picture;
  try {
    const image = new Bun.Image(bytes, { maxPixels: MAX_PIXELS });
    const { width, height } = await image.metadata();
    const isLarge = Math.max(width, height) > MAX_SIDE || bytes.length > MAX_IMAGE_BYTES;
    if (!isLarge && !holdsMetadata(bytes, mediaType)) return picture;
    if (isLarge) resize(image, width, height);
    return await encode(image, mediaType);
  } catch {
    return picture;
  }
}

/** A photo is decoded no larger than the exact size asks for. With a square box it would be decoded whole. */
function resize(image: Bun.Image, width: number, height: number): void {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  image.resize(scaled(width), scaled(height), { withoutEnlargement: true });
}

/** Keeps the format. A photo that is still large as PNG becomes a WebP, which keeps its transparency. */
async function encode(image: Bun.Image, mediaType: string): Promise<Picture> {
  switch (mediaType) {
    case "image/jpeg":
      return { bytes: await image.jpeg({ quality: QUALITY }).bytes(), mediaType };
    case "image/webp":
      return { bytes: await image.webp({ quality: QUALITY }).bytes(), mediaType };
    default: {
      const bytes = await image.png().bytes();
      if (bytes.length <= MAX_IMAGE_BYTES) return { bytes, mediaType };
      return { bytes: await image.webp({ quality: QUALITY }).bytes(), mediaType: "image/webp" };
    }
  }
}
