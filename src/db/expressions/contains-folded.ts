import { type RawBuilder, type SqlBool, sql } from "kysely";
import { foldLetters } from "#base/texts/fold-text.ts";
import type { Dialect } from "#db/tenant-queries.ts";

/**
 * The first and the last letters of the blocks with the letters of today's languages that have case or accents: Latin
 * with those of Vietnamese and Romanian, Greek and Cyrillic. Each letter more makes every comparison longer.
 */
const BLOCKS = ["Aſ", "Ơư", "Șț", "Άώ", "Ѐџ", "Ạỹ"];

/**
 * Returns whether one of the values contains a text, whatever the case and the accents of their letters. Each letter of
 * the text becomes the set of letters that it stands for, so both databases agree. For names: a long text takes long.
 */
export function containsFolded(
  dialect: Dialect,
  values: readonly RawBuilder<unknown>[],
  text: string,
): RawBuilder<SqlBool> {
  const letters = [...text.normalize("NFC")];
  const sets = toSets(letters);
  const compare = sql.raw(dialect === "postgres" ? "~" : "glob");
  const setOf = (letter: string) => (isLetter(letter) ? sets.get(toPlain(letter)) : undefined);
  const pattern = letters.map((letter) => toPattern(dialect, letter, setOf(letter))).join("");
  const sought = dialect === "postgres" ? pattern : `*${pattern}*`;
  return sql<SqlBool>`(${sql.join(
    values.map((value) => sql`${value} ${compare} ${sought}`),
    sql` or `,
  )})`;
}

/** Returns the letters that a plain letter stands for, for those of a text. It stands for all of them in the text. */
function toSets(letters: readonly string[]): ReadonlyMap<string, string> {
  const sets = new Map<string, string>();
  for (const letter of new Set(letters.filter(isLetter))) {
    sets.set(toPlain(letter), (sets.get(toPlain(letter)) ?? "") + toCases(letter));
  }
  for (const [first = "", last = ""] of BLOCKS) {
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) {
      const letter = String.fromCodePoint(code);
      const set = sets.get(toPlain(letter));
      if (set !== undefined) sets.set(toPlain(letter), set + letter);
    }
  }
  return sets;
}

function toPattern(dialect: Dialect, letter: string, set: string | undefined): string {
  if (set !== undefined) return `[${set}]`;
  if (dialect === "postgres") return letter.replace(/[^\p{L}\p{M}\p{N}\s_]/u, "\\$&");
  return /[*?[]/.test(letter) ? `[${letter}]` : letter;
}

const isLetter = (letter: string): boolean => /\p{L}/u.test(letter);
const isOne = (text: string): boolean => [...text].length === 1;
const toCases = (letter: string): string => [letter, letter.toLowerCase(), letter.toUpperCase()].filter(isOne).join("");

/** A letter that becomes several, such as ß, stays as it is. */
function toPlain(letter: string): string {
  const plain = foldLetters(letter);
  return isOne(plain) ? plain : letter;
}
