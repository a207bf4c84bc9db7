/** The first `length` characters of a text; one less where a character of two halves would be torn apart. */
export const headOf = (text: string, length: number): string => text.slice(0, wholeCharacterAt(text, length));

/** The last `length` characters of a text; one less where a character of two halves would be torn apart. */
export function tailOf(text: string, length: number): string {
  const start = Math.max(0, text.length - length);
  return text.slice(wholeCharacterAt(text, start) < start ? start + 1 : start);
}

/** `index`, or the one before it where `index` lies between the halves of a surrogate pair. */
export const wholeCharacterAt = (text: string, index: number): number =>
  isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1)) ? index - 1 : index;

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff;
