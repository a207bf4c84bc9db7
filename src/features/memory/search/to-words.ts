import { headOf } from "#base/texts/cut-text.ts";
import { foldText, isUnspaced } from "#base/texts/fold-text.ts";

/** Databases limit the length of a word in an index. */
const MAX_WORD_CHARS = 64;

/** Returns the words of a text as they are searched, in their order. */
export const toWords = (text: string): readonly string[] =>
  foldText(text)
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => headOf(word, MAX_WORD_CHARS));

/**
 * Returns the words of a text for the index, between single spaces. The letters of scripts without spaces also stand
 * alone, so that a search for one of them finds it.
 */
export function toIndexWords(text: string): string {
  const words = toWords(text);
  const letters = new Set(words.filter((word) => isUnspaced(word)).flatMap((word) => [...word]));
  return [...words, ...letters].join(" ");
}
