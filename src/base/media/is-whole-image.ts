import { MAX_PIXELS } from "#base/media/prepare-image.ts";

/** Returns whether an image can be decoded to its end. The work is done outside the event loop. */
export async function isWholeImage(bytes: Uint8Array): Promise<boolean> {
  try {
    await new Bun.Image(bytes, { maxPixels: MAX_PIXELS }).resize(1, 1).png().bytes();
    return true;
  } catch {
    return false;
  }
}
