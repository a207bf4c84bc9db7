export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Returns whether a value is an object, and neither null nor an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Like `isRecord`, for values parsed from JSON text. Their fields are JSON as well. */
export const isJsonObject = (value: unknown): value is JsonObject => isRecord(value);

/** Returns the value if it is an object, else an empty object. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/**
 * Returns a property that the record itself has. Words from outside, such as `constructor`, never find what every object
 * inherits.
 */
export const ownValue = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export class JsonDepthError extends Error {
  override readonly name = "JsonDepthError";
}

/**
 * Parses JSON text. Checks its nesting first, because parsers and tree walkers recurse.
 * Replaces lone surrogates, so all strings are well formed.
 * Throws `JsonDepthError` beyond `maxDepth` levels. Throws `SyntaxError` if the text is not one JSON value.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  if (depthOf(text, maxDepth) > maxDepth) throw new JsonDepthError(`JSON nests deeper than ${maxDepth} levels`);
  return JSON.parse(replaceLoneSurrogates(text));
}

/**
 * Replaces each escaped lone surrogate with U+FFFD. UTF-8 cannot encode one, so storing or sending it later would fail
 * or alter it. JSON text decoded from UTF-8 can contain one only as an escape.
 */
function replaceLoneSurrogates(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  let pairedUntil = 0;
  for (const { 0: half, index } of text.matchAll(SURROGATE)) {
    if (index < pairedUntil || isEscaped(text, index)) continue;
    const end = index + half.length;
    LOW_SURROGATE.lastIndex = end;
    if (isHigh(half) && LOW_SURROGATE.test(text)) {
      pairedUntil = end + half.length;
      continue;
    }
    pieces.push(text.slice(from, index), "\\ufffd");
    from = end;
  }
  return from === 0 ? text : pieces.join("") + text.slice(from);
}

const SURROGATE = /\\u[dD][89a-fA-F][\da-fA-F]{2}/g;
const LOW_SURROGATE = /\\u[dD][c-fC-F][\da-fA-F]{2}/y;
const isHigh = (half: string): boolean => /[89abAB]/.test(half.charAt(3));

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** Returns how deeply brackets nest outside strings. Stops counting beyond `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length && deepest <= limit; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index + 1);
    else if (OPEN.has(code)) deepest = Math.max(deepest, ++depth);
    else if (CLOSE.has(code)) depth--;
  }
  return deepest;
}

/** Returns the index of the quote that ends the string beginning at `start`, or the text's length if it is missing. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start); end !== -1; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** Returns whether an odd number of backslashes precedes `index`. */
function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (index - before) % 2 === 1;
}

/** Serializes a value with sorted object keys and without white space. Equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
