import { isRecord } from "#base/json.ts";
import { countGarbage } from "#base/texts/count-garbage.ts";
import { holdsText, isText } from "#base/texts/holds-text.ts";
import { jsonSizeOf } from "#base/texts/json-size.ts";
import { type JsonPiece, PIECE, TextsApart } from "#base/texts/texts-apart.ts";
import { nextTurn } from "#base/threads/next-turn.ts";

/** Longer texts of a value are set apart from its JSON, so that they are in no text twice. In UTF-16 code units. */
const APART = 1_024;

/** Others have the event loop after so many UTF-16 code units. */
const TURN = 256 * 1_024;

/** How far lists and objects are taken apart, such as a request into its messages. */
const LEVELS = 2;

/**
 * Yields the JSON text of a value in pieces, so that a long value is not in memory as text as well. Joined, the pieces
 * are what `JSON.stringify` returns.
 */
export const toJsonPieces = (value: unknown): Generator<string> => joinShort(write(toPieces(value, LEVELS)));

/** Joins short texts. Joining long ones would copy them. */
function* joinShort(texts: Iterable<string>): Generator<string> {
  let waiting = "";
  for (const text of texts) {
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

/** Writes the pieces of a JSON text. Those before the last one are garbage. */
function* write(pieces: Iterable<JsonPiece>): Generator<string> {
  for (const piece of pieces) {
    const text = typeof piece === "string" ? piece : JSON.stringify(piece.text).slice(1, -1);
    countGarbage(text.length);
    yield text;
  }
}

function* toPieces(value: unknown, levels: number): Generator<JsonPiece> {
  if (value === null || typeof value !== "object" || isText(value) || levels === 0) {
    yield* cutLongTexts(value);
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const item of value) {
      yield before;
      yield* toPieces(item, levels - 1);
      before = ",";
    }
    yield before === "[" ? "[]" : "]";
  } else {
    let before = "{";
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* toPieces(part, levels - 1);
      before = ",";
    }
    yield before === "{" ? "{}" : "}";
  }
}

/** Yields the JSON of a value, with each long text of it in pieces. */
function* cutLongTexts(value: unknown): Generator<JsonPiece> {
  if (!holdsText(value, APART)) {
    yield toJsonText(value);
    return;
  }
  const apart = new TextsApart();
  yield* apart.fill(toJsonText(nameLongTexts(value, apart)));
}

/** Returns a copy of a value with names in place of its long texts. */
function nameLongTexts(value: unknown, apart: TextsApart): unknown {
  if (isText(value)) return value.length > APART ? apart.add(value) : value;
  if (Array.isArray(value)) return value.map((part) => nameLongTexts(part, apart));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, nameLongTexts(part, apart)]));
}

/** JSON has no word for undefined, and `JSON.stringify` writes null for it in a list. */
const toJsonText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** A JSON text that is made anew in pieces whenever it is read. */
export class JsonText implements Iterable<string> {
  readonly #make: () => Iterable<JsonPiece>;
  /** Its length in UTF-8. */
  readonly byteLength: number;

  private constructor(make: () => Iterable<JsonPiece>, byteLength: number) {
    this.#make = make;
    this.byteLength = byteLength;
  }

  /** Returns the text of a value. */
  static of(value: unknown): Promise<JsonText> {
    return JsonText.#measure(() => toPieces(value, LEVELS));
  }

  /** Returns a text in which the texts apart stand in place of their names. */
  static filled(json: string, apart: TextsApart): Promise<JsonText> {
    return JsonText.#measure(() => apart.fill(json));
  }

  /** Measures a text. Between the pieces, others have the event loop. */
  static async #measure(make: () => Iterable<JsonPiece>): Promise<JsonText> {
    let byteLength = 0;
    let left = TURN;
    for (const piece of make()) {
      const isJson = typeof piece === "string";
      byteLength += isJson ? Buffer.byteLength(piece) : jsonSizeOf(piece.text);
      left -= isJson ? piece.length : piece.text.length;
      if (left > 0) continue;
      await nextTurn();
      left = TURN;
    }
    return new JsonText(make, byteLength);
  }

  [Symbol.iterator](): Iterator<string> {
    return write(this.#make());
  }
}
