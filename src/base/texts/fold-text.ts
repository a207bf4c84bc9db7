/** Letters that Unicode does not split into a plain letter and a mark. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { đ: "d", Đ: "D", ł: "l", Ł: "L", ø: "o", Ø: "O", ß: "ss" };

/** Accents. The marks of other scripts, such as the vowels of Hindi and Thai, are no accents. */
const ACCENTS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g;

/** Removes the accents of letters: `Báo cáo` becomes `Bao cao`. */
export const withoutAccents = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(ACCENTS, "")
    .normalize("NFKC")
    .replaceAll(/[đĐłŁøØß]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);

/**
 * Converts text so that neither case nor accents matter: `Báo CÁO` becomes `bao cao`. A letter becomes the same wherever
 * it stands, so a part of a text becomes a part of the result. Databases store results, so another form needs a migration.
 */
export const foldLetters = (text: string): string => withoutAccents(text).toLowerCase().replaceAll("ς", "σ");

/** Runs of letters of scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu;

/** Returns whether a word consists of letters of scripts that put no spaces between words. */
export const isUnspaced = (word: string): boolean => word !== "" && word.replaceAll(UNSPACED, "") === "";

/**
 * Converts text to words for searching, separated by spaces. Case and accents do not matter. Identifiers are split at case,
 * `_`, `-` and `.`. Scripts without spaces become overlapping pairs of letters.
 */
export function foldText(text: string): string {
  const plain = withoutAccents(text)
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .replaceAll(UNSPACED, (run) => ` ${toPairs(run)} `);
  return plain.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
}

function toPairs(run: string): string {
  const letters = [...run];
  if (letters.length === 1) return run;
  return letters
    .slice(1)
    .map((letter, index) => `${letters[index]}${letter}`)
    .join(" ");
}
