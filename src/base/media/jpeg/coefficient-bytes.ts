import { jpegSegments, START_OF_SCAN } from "#base/media/jpeg/jpeg-segments.ts";

/** Sequential with 8 and with 12 bits, and progressive (ITU-T T.81, table B.1). Others are not in use. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const PROGRESSIVE = 0xc2;
/** A decoder keeps a coefficient in two bytes. */
const COEFFICIENT_BYTES = 2;

/**
 * Returns how many bytes the coefficients of a JPEG take while it is decoded. A picture that is drawn in several scans,
 * such as a progressive one, needs all of them at once, and others none. Returns undefined for what cannot be read.
 */
export function coefficientBytesOf(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: { readonly marker: number; readonly data: Buffer } | undefined;
  for (const { marker, start, end } of jpegSegments(file)) {
    const data = file.subarray(start + 4, end);
    if (FRAMES.has(marker)) frame = { marker, data };
    if (marker !== START_OF_SCAN) continue;
    if (!frame || frame.data.length < 6) return undefined;
    const isOneScan = frame.marker !== PROGRESSIVE && data[0] === frame.data[5];
    return isOneScan ? 0 : countCoefficients(frame.data) * COEFFICIENT_BYTES;
  }
  return undefined;
}

/** A frame has its precision, height, width and components. Of each: its name, and how often it has a value per side. */
function countCoefficients(frame: Buffer): number {
  const pixels = frame.readUInt16BE(1) * frame.readUInt16BE(3);
  const shares: number[] = [];
  for (let at = 7; at < frame.length; at += 3) {
    const sampling = frame.readUInt8(at);
    shares.push((sampling >> 4) * (sampling & 0x0f));
  }
  // One component alone has a value for each pixel, whatever it says.
  const largest = Math.max(...shares);
  return shares.reduce((sum, share) => sum + (pixels * share) / largest, 0);
}
