/** Signs are compared in words of this many bits. */
const WORD_BITS = 32;

/** Returns the signs of a vector's numbers: one bit each, in whole words. Near vectors have nearly the same signs. */
export function toSigns(vector: Float32Array): Uint8Array {
  const signs = new Uint8Array(Math.ceil(vector.length / WORD_BITS) * (WORD_BITS / 8));
  for (const [index, number] of vector.entries()) {
    // The cast is safe: every number has its bit.
    if (number > 0) (signs[index >> 3] as number) |= 1 << (index & 7);
  }
  return signs;
}
