import { jpegSegments } from "#base/media/jpeg/jpeg-segments.ts";
import { pngChunks } from "#base/media/png/png-chunks.ts";

/** A segment of a JPEG, or a chunk of a PNG or WebP, as the bytes from `start` to `end`. */
interface Part {
  readonly start: number;
  readonly end: number;
  /** The part tells something about the picture, such as where and when it was taken. */
  readonly isMetadata: boolean;
}

/** No file in use has more. Whoever sends one with millions would hold up the event loop. */
const MAX_PARTS = 20_000;

/** Returns whether a JPEG, PNG or WebP file holds data about the picture, such as where and when it was taken. */
export function holdsMetadata(bytes: Uint8Array, mediaType: string): boolean {
  for (const { isMetadata } of partsOf(toBuffer(bytes), mediaType)) if (isMetadata) return true;
  return false;
}

/**
 * Returns a file without the data about its picture. The picture stays as it is, since it is not decoded. Returns
 * `bytes` if there is nothing to remove.
 */
export function withoutMetadata(bytes: Uint8Array, mediaType: string): Uint8Array {
  const file = toBuffer(bytes);
  const kept: Buffer[] = [];
  let from = 0;
  for (const { start, end, isMetadata } of partsOf(file, mediaType)) {
    if (!isMetadata) continue;
    kept.push(file.subarray(from, start));
    from = end;
  }
  if (from === 0) return bytes;
  const rest = Buffer.concat([...kept, file.subarray(from)]);
  if (mediaType === "image/webp") correctWebp(rest);
  return rest;
}

const toBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

/** Reads the parts behind the file's signature, up to the first that cannot be read. */
function* partsOf(file: Buffer, mediaType: string): Generator<Part> {
  yield* readParts(file, mediaType).take(MAX_PARTS);
}

function* readParts(file: Buffer, mediaType: string): Generator<Part> {
  switch (mediaType) {
    case "image/jpeg":
      for (const { marker, start, end } of jpegSegments(file)) yield { start, end, isMetadata: JPEG.has(marker) };
      break;
    case "image/png":
      for (const { type, start, end } of pngChunks(file)) yield { start, end, isMetadata: PNG.has(type) };
      break;
    case "image/webp":
      yield* webpParts(file);
  }
}

/** APP1 holds EXIF and XMP, APP13 holds IPTC, and COM a comment (ITU-T T.81, table B.1). */
const JPEG: ReadonlySet<number> = new Set([0xe1, 0xed, 0xfe]);
const PNG: ReadonlySet<string> = new Set(["tEXt", "zTXt", "iTXt", "eXIf", "tIME"]);
const WEBP: ReadonlySet<string> = new Set(["EXIF", "XMP "]);

/** A chunk is its type, its length and its data, filled up to an even length (WebP container specification). */
function* webpParts(file: Buffer): Generator<Part> {
  for (let start = 12; start + 8 <= file.length; ) {
    const size = file.readUInt32LE(start + 4);
    const end = Math.min(file.length, start + 8 + size + (size % 2));
    yield { start, end, isMetadata: WEBP.has(file.toString("latin1", start, start + 4)) };
    start = end;
  }
}

/** The bits of an extended WebP that announce EXIF and XMP. */
const WEBP_METADATA_FLAGS = 0x0c;

/** Corrects what the head of a WebP says about its length and its chunks. */
function correctWebp(file: Buffer): void {
  file.writeUInt32LE(file.length - 8, 4);
  const isExtended = file.length > 20 && file.toString("latin1", 12, 16) === "VP8X";
  if (isExtended) file.writeUInt8(file.readUInt8(20) & ~WEBP_METADATA_FLAGS, 20);
}
