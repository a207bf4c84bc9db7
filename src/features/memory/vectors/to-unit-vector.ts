/** Returns a vector in the same direction whose length is 1. Undefined if it has no direction. */
export function toUnitVector(numbers: readonly number[]): Float32Array | undefined {
  const length = Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  if (!(length > 0) || !Number.isFinite(length)) return undefined;
  return Float32Array.from(numbers, (number) => number / length);
}

/** Returns the bytes of a vector as they are stored. */
export const toVectorBytes = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** Returns how alike the directions of two vectors are, from 0 to 1. Vectors of different sizes are not alike. */
export function similarityOf(vector: Float32Array, stored: Uint8Array): number {
  if (stored.byteLength !== vector.byteLength) return 0;
  const other = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  let product = 0;
  for (const [index, number] of vector.entries()) {
    product += number * other.getFloat32(index * Float32Array.BYTES_PER_ELEMENT, true);
  }
  return Math.min(1, Math.max(0, product));
}
