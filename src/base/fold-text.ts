/** Letters that Unicode does not split into a plain letter and a mark. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { đ: "d", Đ: "D", ł: "l", Ł: "L", ø: "o", Ø: "O", ß: "ss" };

/** Removes the marks of letters: `Báo cáo` becomes `Bao cao`. */
export const withoutMarks = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[đĐłŁøØß]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);

/** Runs of letters of scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu;

/**
 * Converts text to words for searching, separated by spaces. Case and marks do not matter. Identifiers are split at case,
 * `_`, `-` and `.`. Scripts without spaces become overlapping pairs of letters.
 */
export function foldText(text: string): string {
  const plain = withoutMarks(text)
    .normalize("NFKC")
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .replaceAll(UNSPACED, (run) => ` ${toPairs(run)} `);
  return plain.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function toPairs(run: string): string {
  const letters = [...run];
  if (letters.length === 1) return run;
  return letters
    .slice(1)
    .map((letter, index) => `${letters[index]}${letter}`)
    .join(" ");
}
