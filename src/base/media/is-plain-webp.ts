/** In the extended format, these bits announce an animation and transparency (WebP container specification). */
const ANIMATION_OR_ALPHA = 0x12;

/** Returns whether a WebP is neither animated nor transparent. One without losses may be, whatever it says. */
export function isPlainWebp(bytes: Uint8Array): boolean {
  const format = String.fromCharCode(...bytes.subarray(12, 16));
  return format === "VP8X" ? ((bytes[20] ?? ANIMATION_OR_ALPHA) & ANIMATION_OR_ALPHA) === 0 : format === "VP8 ";
}
