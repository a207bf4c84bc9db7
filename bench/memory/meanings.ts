/** The size of the vectors of the model that most people use. */
export const DIMENSIONS = 1_536;

const TOPICS = 200;
/** How far the vectors of a topic are from its middle, as texts of one subject are in a real model. */
const SPREAD = 1.2;

/**
 * Returns the vector of a text. Texts with the same first word are near each other, and the same text always has the
 * same vector.
 */
export function toMeaning(text: string): Float32Array {
  const topic = Bun.hash.crc32(text.split(" ", 1)[0] ?? "") % TOPICS;
  const middle = createNumbers(topic);
  const own = createNumbers(Bun.hash.crc32(text));
  const numbers = Float32Array.from({ length: DIMENSIONS }, () => middle() + SPREAD * own());
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

/** Returns numbers between -1 and 1 that look random and are the same for the same seed (mulberry32). */
function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
