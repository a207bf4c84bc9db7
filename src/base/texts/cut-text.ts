import { lengthOf } from "#base/texts/joined-text.ts";

/** Returns the first `length` UTF-16 code units of a text. Returns one less if the cut would split a surrogate pair. */
export const headOf = (text: string, length: number): string => text.slice(0, wholeCharacterAt(text, length));

/** Returns the last `length` UTF-16 code units of a text. Returns one less if the cut would split a surrogate pair. */
export function tailOf(text: string, length: number): string {
  const start = Math.max(0, text.length - length);
  return text.slice(wholeCharacterAt(text, start) < start ? start + 1 : start);
}

/** Returns the first `length` UTF-16 code units of texts that are one when they are joined. Joins no more of them. */
export const headOfTexts = (texts: readonly string[], length: number): string =>
  takeUntil(texts, length, headOf).join("");

/** Leaves out the middle of texts that have more than `chars` UTF-16 code units together. `mark` takes its place. */
export function withoutMiddle(texts: readonly string[], chars: number, mark: string): readonly string[] {
  if (lengthOf(texts) <= chars) return texts;
  const half = Math.max(0, Math.floor((chars - mark.length) / 2));
  const last = takeUntil(texts.toReversed(), half, tailOf);
  return [...takeUntil(texts, half, headOf), mark, ...last.reverse()];
}

/** Takes texts in their order until they have `length` UTF-16 code units. The last one is cut. */
function takeUntil(texts: readonly string[], length: number, cut: (text: string, length: number) => string): string[] {
  const taken: string[] = [];
  let left = length;
  for (const text of texts) {
    if (left <= 0) break;
    taken.push(cut(text, left));
    left -= text.length;
  }
  return taken;
}

/** Yields a text in pieces of `length` UTF-16 code units, at least two. One less if the cut would split a surrogate pair. */
export function* piecesOf(text: string, length: number): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = wholeCharacterAt(text, from + length);
    yield text.slice(from, end);
    from = end;
  }
}

/** Returns `index`, or `index - 1` if `index` lies between the two halves of a surrogate pair. */
export const wholeCharacterAt = (text: string, index: number): number =>
  isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1)) ? index - 1 : index;

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff;
