/** Returns the first `length` UTF-16 code units of a text. Returns one less if the cut would split a surrogate pair. */
export const headOf = (text: string, length: number): string => text.slice(0, wholeCharacterAt(text, length));

/** Returns the last `length` UTF-16 code units of a text. Returns one less if the cut would split a surrogate pair. */
export function tailOf(text: string, length: number): string {
  const start = Math.max(0, text.length - length);
  return text.slice(wholeCharacterAt(text, start) < start ? start + 1 : start);
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
