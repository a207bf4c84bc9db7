import type { TenantId } from "#base/ids.ts";
import { withoutMetadata } from "#base/media/image-metadata.ts";
import { isPlainWebp } from "#base/media/is-plain-webp.ts";
import { isModestJpeg, prepareJpeg } from "#base/media/jpeg/prepare-jpeg.ts";
import {
  isLarge,
  MAX_IMAGE_BYTES,
  MAX_PIXELS,
  MAX_SIDE,
  MAX_WHOLE_PIXELS,
  type Picture,
  QUALITY,
} from "#base/media/picture.ts";
import { PngShrinker } from "#base/media/png/png-shrinker.ts";
import type { Size } from "#base/media/png/row-scaler.ts";
import { FairTurns } from "#base/threads/fair-turns.ts";

/**
 * Prepares images for models. Large ones are scaled down, and photos are turned upright as their EXIF data say. Data such
 * as the place where a picture was taken are removed. The work is done outside the event loop, for one image after the
 * other, and for each tenant in turn.
 */
export class ImagePreparer {
  readonly #turns = new FairTurns();
  readonly #pngs = new PngShrinker();

  /** An image that cannot be decoded, or would take too much memory, keeps its size. */
  prepare(picture: Picture, tenantId: TenantId): Promise<Picture> {
    return this.#turns.run(tenantId, () => this.#prepare(picture));
  }

  /** As `prepare`, but resolves to undefined for an image that cannot be decoded to its end. */
  prepareWhole(picture: Picture, tenantId: TenantId): Promise<Picture | undefined> {
    return this.#turns.run(tenantId, async () => {
      const isWhole = await this.#isWhole(picture).catch(() => false);
      return isWhole ? this.#prepare(picture) : undefined;
    });
  }

  async #prepare(picture: Picture): Promise<Picture> {
    const scaled = await this.#scale(picture).catch(() => undefined);
    if (scaled) return scaled;
    const bytes = withoutMetadata(picture.bytes, picture.mediaType);
    return bytes === picture.bytes ? picture : { ...picture, bytes };
  }

  /** Animations stay as they are, because they would lose all pictures but the first. */
  async #scale(picture: Picture): Promise<Picture | undefined> {
    switch (picture.mediaType) {
      case "image/jpeg":
        return toPicture(await prepareJpeg(picture.bytes));
      case "image/png":
        return this.#scalePng(picture);
      case "image/webp":
        return scaleWebp(picture.bytes);
      default:
        return undefined;
    }
  }

  /** A photo that is still large as PNG becomes a WebP, which keeps its transparency. */
  async #scalePng(picture: Picture): Promise<Picture | undefined> {
    const { size } = await open(picture.bytes);
    if (!isLarge(picture.bytes, size) || !hasRows(picture, size)) return undefined;
    const scaled = new Bun.Image(await this.#pngs.shrink(picture.bytes, fit(size)));
    const png = await scaled.png().bytes();
    if (png.length <= MAX_IMAGE_BYTES) return { bytes: png, mediaType: "image/png" };
    return { bytes: await scaled.webp({ quality: QUALITY }).bytes(), mediaType: "image/webp" };
  }

  /** An image that would take too much memory counts as whole, as nobody knows. */
  async #isWhole({ bytes, mediaType }: Picture): Promise<boolean> {
    const { image, size } = await open(bytes);
    if (mediaType === "image/jpeg" ? isModestJpeg(bytes) : isModest(size)) await image.resize(1, 1).png().bytes();
    else if (hasRows({ bytes, mediaType }, size)) await this.#pngs.shrink(bytes, { width: 1, height: 1 });
    return true;
  }
}

async function open(bytes: Uint8Array): Promise<{ image: Bun.Image; size: Size }> {
  const image = new Bun.Image(bytes, { maxPixels: MAX_PIXELS });
  return { image, size: await image.metadata() };
}

const isModest = ({ width, height }: Size): boolean => width * height <= MAX_WHOLE_PIXELS;

/** Longer rows take too much memory. In pixels. */
const MAX_ROW = 65_535;

/** The header of a PNG ends with 0 if its rows follow each other, and with 1 if they are interlaced. */
const hasRows = ({ bytes, mediaType }: Picture, { width }: Size): boolean =>
  mediaType === "image/png" && bytes[28] === 0 && width <= MAX_ROW;

/** A large WebP is scaled as JPEG, because it would take three times as much memory otherwise. */
async function scaleWebp(bytes: Uint8Array): Promise<Picture | undefined> {
  const { image, size } = await open(bytes);
  if (!isLarge(bytes, size) || !isModest(size) || !isPlainWebp(bytes)) return undefined;
  const jpeg = await image.jpeg({ quality: QUALITY }).bytes();
  return toPicture((await prepareJpeg(jpeg)) ?? jpeg);
}

const toPicture = (jpeg: Uint8Array | undefined): Picture | undefined =>
  jpeg && { bytes: jpeg, mediaType: "image/jpeg" };

function fit({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}
