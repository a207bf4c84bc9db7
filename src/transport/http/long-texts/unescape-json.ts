const BACKSLASH = 0x5c;
const LOWEST_PRINTABLE = 0x20;
const LETTER_U = 0x75;
const REPLACEMENT = 0xfffd;

/** What the letter after a backslash stands for (RFC 8259, section 7). */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
);

/**
 * Replaces the escapes of a JSON string by what they stand for, in place, because none is shorter than its UTF-8.
 * `start` is the place after the first quote, `end` the place of the last one. Lone surrogates become U+FFFD. Returns
 * the new end, or undefined if the string is not valid JSON.
 */
export function unescapeJson(bytes: Uint8Array, start: number, end: number): number | undefined {
  let to = start;
  for (let from = start; from < end; ) {
    const byte = bytes[from++] ?? 0;
    if (byte < LOWEST_PRINTABLE) return undefined;
    if (byte !== BACKSLASH) {
      bytes[to++] = byte;
      continue;
    }
    const letter = bytes[from++] ?? 0;
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) {
      bytes[to++] = plain;
      continue;
    }
    const unit = letter === LETTER_U ? readUnit(bytes, from) : undefined;
    if (unit === undefined) return undefined;
    from += 4;
    const low = isHigh(unit) ? readLowSurrogate(bytes, from) : undefined;
    if (low !== undefined) from += 6;
    to = writeCodePoint(bytes, to, toCodePoint(unit, low));
  }
  return to;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function toCodePoint(unit: number, low: number | undefined): number {
  if (low !== undefined) return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  return isHigh(unit) || isLow(unit) ? REPLACEMENT : unit;
}

function readLowSurrogate(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return undefined;
  const unit = readUnit(bytes, at + 2);
  return unit !== undefined && isLow(unit) ? unit : undefined;
}

/** Returns the number that four hex digits stand for. Whole texts may be written so, hence no text is made of them. */
function readUnit(bytes: Uint8Array, at: number): number | undefined {
  let unit = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = toDigit(bytes[index] ?? 0);
    if (digit === undefined) return undefined;
    unit = unit * 16 + digit;
  }
  return unit;
}

function toDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

const tail = (code: number, shift: number): number => 0x80 | ((code >> shift) & 0x3f);

/** Writes a code point as UTF-8 (RFC 3629) and returns the place after it. */
function writeCodePoint(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = tail(code, 0);
    return at + 2;
  }
  if (code < 0x10000) {
    bytes[at] = 0xe0 | (code >> 12);
    bytes[at + 1] = tail(code, 6);
    bytes[at + 2] = tail(code, 0);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = tail(code, 12);
  bytes[at + 2] = tail(code, 6);
  bytes[at + 3] = tail(code, 0);
  return at + 4;
}
