const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWEST_PRINTABLE = 0x20;
const REPLACEMENT_BYTES = 3;
const UNICODE_ESCAPE = "\\u0000".length;

/** Control characters with an escape of two characters: backspace, tab, line feed, form feed, carriage return. */
const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

/**
 * Returns the size in UTF-8 of what `JSON.stringify` writes between the quotes of a text. Makes no text, so it leaves no
 * garbage. The escapes are those of ECMA-262, QuoteJSONString.
 */
export function jsonSizeOf(text: string): number {
  let size = Buffer.byteLength(text);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < LOWEST_PRINTABLE) size += (SHORT_ESCAPES.has(unit) ? 2 : UNICODE_ESCAPE) - 1;
    else if (unit === QUOTE || unit === BACKSLASH) size++;
    else if (unit >= 0xd800 && unit <= 0xdfff) {
      if (isPairAt(text, index)) index++;
      else size += UNICODE_ESCAPE - REPLACEMENT_BYTES;
    }
  }
  return size;
}

const isPairAt = (text: string, index: number): boolean => (text.codePointAt(index) ?? 0) > 0xffff;
