import { LIMITS } from "#base/limits.ts";

// BM25, with its usual constants. Lengths are in characters of folded text, beside the length of an ordinary note.
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;
const USUAL_LENGTH = 400;

/**
 * Creates the function that scores the words of a chunk against a query. The score is at most 1: every word of the
 * query, very often. Rare words weigh more. `counts` says how many chunks have each word, up to
 * `LIMITS.memoryCandidates` and one more.
 */
export function createScore(
  words: readonly string[],
  counts: ReadonlyMap<string, number>,
): (chunkWords: string) => number {
  const rarities = words.map((word) => ({
    padded: ` ${word} `,
    rarity: Math.log(1 + LIMITS.memoryCandidates / ((counts.get(word) ?? 0) + 0.5)),
  }));
  const best = rarities.reduce((sum, { rarity }) => sum + rarity, 0);
  return (chunkWords) => {
    const text = ` ${chunkWords} `;
    const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * text.length) / USUAL_LENGTH);
    const found = rarities.reduce((sum, { padded, rarity }) => {
      const count = countOf(text, padded);
      return sum + (rarity * count) / (count + norm);
    }, 0);
    return best === 0 ? 0 : found / best;
  };
}

/** Neighbours share the space between them. */
function countOf(text: string, padded: string): number {
  let count = 0;
  for (let at = text.indexOf(padded); at !== -1; at = text.indexOf(padded, at + padded.length - 1)) count++;
  return count;
}
