import { holdsMetadata } from "#base/media/image-metadata.ts";
import { coefficientBytesOf } from "#base/media/jpeg/coefficient-bytes.ts";
import { isLarge, MAX_PIXELS, MAX_SIDE, QUALITY } from "#base/media/picture.ts";

/** A progressive photo of 8 megapixels takes as much, with half of its colours on each side. */
const MAX_COEFFICIENT_BYTES = 25_000_000;

/** Returns whether a JPEG can be decoded in little memory. */
export function isModestJpeg(bytes: Uint8Array): boolean {
  const needed = coefficientBytesOf(bytes);
  return needed !== undefined && needed <= MAX_COEFFICIENT_BYTES;
}

/**
 * Scales a JPEG down, turns it upright and removes data about it. Resolves to undefined if it needs none of this, or too
 * much memory. Rejects for a file that cannot be decoded.
 */
export async function prepareJpeg(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  if (!isModestJpeg(bytes)) return undefined;
  const size = await new Bun.Image(bytes, { maxPixels: MAX_PIXELS }).metadata();
  if (!isLarge(bytes, size) && !holdsMetadata(bytes, "image/jpeg")) return undefined;
  let [picture, side] = [bytes, Math.max(size.width, size.height)];
  do {
    const eighths = eighthsOf(side);
    picture = await decodeEighths(picture, eighths);
    side = scaled(side, eighths);
  } while (side > MAX_SIDE);
  return picture;
}

/**
 * Returns how many eighths of a side are wanted. The largest pictures are scaled twice, because an eighth of them would
 * be too small.
 */
const eighthsOf = (side: number): number => Math.min(8, Math.max(2, Math.floor((8 * MAX_SIDE) / side)));

/**
 * A decoder makes eighths of a JPEG of its coefficients. Any other size costs three more copies of the picture (libjpeg's
 * `scale_num`).
 */
async function decodeEighths(bytes: Uint8Array, eighths: number): Promise<Uint8Array> {
  const image = new Bun.Image(bytes, { maxPixels: MAX_PIXELS });
  const { width, height } = await image.metadata();
  return image.resize(scaled(width, eighths), scaled(height, eighths)).jpeg({ quality: QUALITY }).bytes();
}

const scaled = (side: number, eighths: number): number => Math.ceil((side * eighths) / 8);
