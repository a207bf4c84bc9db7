import { randomHex } from "#base/ids.ts";
import { countGarbage } from "#base/texts/count-garbage.ts";
import { piecesOf } from "#base/texts/cut-text.ts";
import { nextTurn } from "#base/threads/next-turn.ts";

/** The length of a piece in UTF-16 code units, about. Short pieces leave less garbage behind, see `countGarbage`. */
const PIECE = 32 * 1_024;

/** Others have the event loop after so many UTF-16 code units. */
const TURN = 256 * 1_024;

/** How far lists and objects are taken apart, such as a request into its messages. */
const LEVELS = 2;

/**
 * Yields the JSON text of a value in pieces, so that a long value is not in memory as text as well. Joined, the pieces
 * are what `JSON.stringify` returns.
 */
export function* toJsonPieces(value: unknown): Generator<string> {
  let waiting = "";
  for (const text of whileCollecting(toTexts(value, LEVELS))) {
    // Joining long texts would copy them.
    const isLong = text.length > PIECE / 2;
    if (waiting !== "" && (isLong || waiting.length > PIECE / 2)) {
      yield waiting;
      waiting = "";
    }
    if (isLong) yield text;
    else waiting += text;
  }
  if (waiting !== "") yield waiting;
}

/** The texts before the last one are garbage. */
function* whileCollecting(texts: Iterable<string>): Generator<string> {
  for (const text of texts) {
    countGarbage(text.length);
    yield text;
  }
}

function* toTexts(value: unknown, levels: number): Generator<string> {
  if (value === null || typeof value !== "object" || levels === 0) {
    yield* cutLongTexts(value);
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const item of value) {
      yield before;
      yield* toTexts(item, levels - 1);
      before = ",";
    }
    yield before === "[" ? "[]" : "]";
  } else {
    let before = "{";
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* toTexts(part, levels - 1);
      before = ",";
    }
    yield before === "{" ? "{}" : "}";
  }
}

/** Yields the JSON of a value, with each long text of it in pieces. */
function* cutLongTexts(value: unknown): Generator<string> {
  if (!holdsText(value, PIECE)) {
    yield toJsonText(value);
    return;
  }
  const mark = randomHex(16);
  const texts: string[] = [];
  const frame = toJsonText(value, (_, part) => {
    if (typeof part !== "string" || part.length <= PIECE) return part;
    texts.push(part);
    return mark;
  });
  const [first = "", ...others] = frame.split(mark);
  yield first;
  for (const [index, after] of others.entries()) {
    for (const piece of piecesOf(texts[index] ?? "", PIECE)) yield JSON.stringify(piece).slice(1, -1);
    yield after;
  }
}

/** JSON has no word for undefined, and `JSON.stringify` writes null for it in a list. */
const toJsonText = (value: unknown, replace?: (key: string, part: unknown) => unknown): string =>
  JSON.stringify(value, replace) ?? "null";

/** Returns how many UTF-16 code units the texts of a value have together. Counts no further than past `most`. */
function countText(value: unknown, most: number): number {
  if (typeof value === "string") return value.length;
  if (value === null || typeof value !== "object") return 0;
  let sum = 0;
  for (const part of Object.values(value)) {
    sum += countText(part, most - sum);
    if (sum > most) break;
  }
  return sum;
}

/** Returns whether a text in a value is longer than `length`. */
function holdsText(value: unknown, length: number): boolean {
  if (typeof value === "string") return value.length > length;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((part) => holdsText(part, length));
}

/** In UTF-16 code units. */
const LONG = 1_000_000;

/** Returns whether a value holds a text that is so long that the value is better written in pieces. */
export const holdsLongText = (value: unknown): boolean => holdsText(value, LONG);

/** In UTF-16 code units. */
const MUCH = 256 * 1_024;

/** Returns whether a value holds so much text in all that it is better sent in pieces. */
export const holdsMuchText = (value: unknown): boolean => countText(value, MUCH) > MUCH;

/** The JSON text of a value, which is made anew in pieces whenever it is read. */
export class JsonText implements Iterable<string> {
  readonly #value: unknown;
  /** Its length in UTF-8. */
  readonly byteLength: number;

  private constructor(value: unknown, byteLength: number) {
    this.#value = value;
    this.byteLength = byteLength;
  }

  /** Measures the text of a value. Between the pieces, others have the event loop. */
  static async of(value: unknown): Promise<JsonText> {
    let byteLength = 0;
    let left = TURN;
    for (const text of whileCollecting(toTexts(value, LEVELS))) {
      byteLength += Buffer.byteLength(text);
      left -= text.length;
      if (left > 0) continue;
      await nextTurn();
      left = TURN;
    }
    return new JsonText(value, byteLength);
  }

  [Symbol.iterator](): Iterator<string> {
    return toJsonPieces(this.#value);
  }
}
