import { isRecord } from "#base/json.ts";
import { countGarbage } from "#base/texts/count-garbage.ts";
import { holdsText, isText } from "#base/texts/holds-text.ts";
import { PIECE, TextsApart } from "#base/texts/texts-apart.ts";
import { nextTurn } from "#base/threads/next-turn.ts";

/** Others have the event loop after so many UTF-16 code units. */
const TURN = 256 * 1_024;

/** How far lists and objects are taken apart, such as a request into its messages. */
const LEVELS = 2;

/**
 * Yields the JSON text of a value in pieces, so that a long value is not in memory as text as well. Joined, the pieces
 * are what `JSON.stringify` returns.
 */
export const toJsonPieces = (value: unknown): Generator<string> => joinShort(toTexts(value, LEVELS));

/** Joins short texts. Joining long ones would copy them. */
function* joinShort(texts: Iterable<string>): Generator<string> {
  let waiting = "";
  for (const text of whileCollecting(texts)) {
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
  if (value === null || typeof value !== "object" || isText(value) || levels === 0) {
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
  const apart = new TextsApart();
  yield* apart.fill(toJsonText(nameLongTexts(value, apart)));
}

/** Returns a copy of a value with names in place of its long texts. */
function nameLongTexts(value: unknown, apart: TextsApart): unknown {
  if (isText(value)) return value.length > PIECE ? apart.add(value) : value;
  if (Array.isArray(value)) return value.map((part) => nameLongTexts(part, apart));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, nameLongTexts(part, apart)]));
}

/** JSON has no word for undefined, and `JSON.stringify` writes null for it in a list. */
const toJsonText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** A JSON text that is made anew in pieces whenever it is read. */
export class JsonText implements Iterable<string> {
  readonly #make: () => Iterable<string>;
  /** Its length in UTF-8. */
  readonly byteLength: number;

  private constructor(make: () => Iterable<string>, byteLength: number) {
    this.#make = make;
    this.byteLength = byteLength;
  }

  /** Returns the text of a value. */
  static of(value: unknown): Promise<JsonText> {
    return JsonText.#measure(() => toTexts(value, LEVELS));
  }

  /** Returns a text in which the texts apart stand in place of their names. */
  static filled(json: string, apart: TextsApart): Promise<JsonText> {
    return JsonText.#measure(() => apart.fill(json));
  }

  /** Measures a text. Between the pieces, others have the event loop. */
  static async #measure(make: () => Iterable<string>): Promise<JsonText> {
    let byteLength = 0;
    let left = TURN;
    for (const text of whileCollecting(make())) {
      byteLength += Buffer.byteLength(text);
      left -= text.length;
      if (left > 0) continue;
      await nextTurn();
      left = TURN;
    }
    return new JsonText(make, byteLength);
  }

  [Symbol.iterator](): Iterator<string> {
    return joinShort(this.#make());
  }
}
