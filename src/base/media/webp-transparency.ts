/** In the extended format, this bit announces transparency (WebP container specification). */
const ALPHA_FLAG = 0x10;

/** Returns whether a WebP may have transparent pixels. One without losses may, whatever it says. */
export function mayBeTransparent(bytes: Uint8Array): boolean {
  const format = String.fromCharCode(...bytes.subarray(12, 16));
  return format === "VP8X" ? ((bytes[20] ?? 0) & ALPHA_FLAG) !== 0 : format !== "VP8 ";
}
