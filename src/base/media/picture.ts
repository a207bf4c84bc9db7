/** An image in one of the formats that models take. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/**
 * Models scale larger images down themselves, and charge for them until then. Anthropic refuses a request with more than
 * 20 images if a side of one has 2,000 pixels or more. In pixels.
 */
export const MAX_SIDE = 1_920;
/** Anthropic refuses images of more than 5 MB in base64. */
export const MAX_IMAGE_BYTES = 3_750_000;
/** Larger images take too long. */
export const MAX_PIXELS = 50_000_000;
/** Larger images are not decoded whole. A pixel takes four bytes. */
export const MAX_WHOLE_PIXELS = 5_000_000;
/** The quality of a JPEG or WebP, up to 100. */
export const QUALITY = 85;

/** Returns whether an image must be scaled down or packed anew for models. */
export const isLarge = (bytes: Uint8Array, { width, height }: { readonly width: number; readonly height: number }) =>
  Math.max(width, height) > MAX_SIDE || bytes.length > MAX_IMAGE_BYTES;
