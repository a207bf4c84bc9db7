/** Returns whether a JPEG, PNG or WebP file holds data about the picture, such as where and when it was taken. */
export function holdsMetadata(bytes: Uint8Array, mediaType: string): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (mediaType) {
    case "image/jpeg":
      return someJpegSegment(view, (marker) => JPEG_METADATA.has(marker));
    case "image/png":
      return somePngChunk(view, (type) => PNG_METADATA.has(type));
    case "image/webp":
      return someWebpChunk(view, (type) => WEBP_METADATA.has(type));
    default:
      return false;
  }
}

/** APP1 holds EXIF and XMP, APP13 holds IPTC, and COM a comment (ITU-T T.81, table B.1). */
const JPEG_METADATA: ReadonlySet<number> = new Set([0xe1, 0xed, 0xfe]);
const START_OF_SCAN = 0xda;

function someJpegSegment(view: DataView, isWanted: (marker: number) => boolean): boolean {
  for (let at = 2; at + 4 <= view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === START_OF_SCAN) return false;
    if (isWanted(marker)) return true;
  }
  return false;
}

const PNG_METADATA: ReadonlySet<string> = new Set(["tEXt", "zTXt", "iTXt", "eXIf", "tIME"]);

/** A chunk is its length, its type, its data and a checksum (PNG specification, 5.3). */
function somePngChunk(view: DataView, isWanted: (type: string) => boolean): boolean {
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (isWanted(typeAt(view, at + 4))) return true;
  }
  return false;
}

const WEBP_METADATA: ReadonlySet<string> = new Set(["EXIF", "XMP "]);

/** A chunk is its type, its length and its data, filled up to an even length (WebP container specification). */
function someWebpChunk(view: DataView, isWanted: (type: string) => boolean): boolean {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    if (isWanted(typeAt(view, at))) return true;
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return false;
}

const typeAt = (view: DataView, at: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
