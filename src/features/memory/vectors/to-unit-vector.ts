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
  const other = toNumbers(stored);
  let product = 0;
  // The casts are safe: both have this length. Iterating over pairs would take ten times as long.
  for (let index = 0; index < vector.length; index++) product += (vector[index] as number) * (other[index] as number);
  return Math.min(1, Math.max(0, product));
}

/** Views the bytes of a vector as its numbers. Copies them if they do not begin at a whole number. */
function toNumbers(stored: Uint8Array): Float32Array {
  const size = Float32Array.BYTES_PER_ELEMENT;
  const aligned = stored.byteOffset % size === 0 ? stored : Uint8Array.from(stored);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}
