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

/** Returns whether a text is one JSON value. */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export class JsonDepthError extends Error {
  override readonly name = "JsonDepthError";
}

export class JsonSizeError extends Error {
  override readonly name = "JsonSizeError";
}

/** Limits that are checked before a text is parsed. */
export interface JsonLimits {
  readonly maxDepth: number;
  /** The most values and keys. The default is no limit. */
  readonly maxValues?: number;
}

/**
 * Parses JSON text. Checks its nesting first, because parsers and tree walkers recurse.
 * Replaces lone surrogates, so all strings are well formed: UTF-8 cannot encode them.
 * Throws `JsonDepthError` or `JsonSizeError` beyond the limits. Throws `SyntaxError` if the text is not one JSON value.
 */
export function parseJson(text: string, limits: JsonLimits): unknown {
  requireWithin(text, limits);
  const value: unknown = JSON.parse(text);
  // JSON text that was decoded from UTF-8 contains a lone surrogate only as an escape.
  return text.includes("\\ud") || text.includes("\\uD") ? toWellFormed(value) : value;
}

/** Replaces lone surrogates in all texts and keys of a parsed value, in place. */
function toWellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = toWellFormed(item);
  } else if (value !== null && typeof value === "object") {
    for (const [key, part] of Object.entries(value)) {
      Reflect.deleteProperty(value, key);
      // Assignment would set the prototype for the key `__proto__`.
      const own = { value: toWellFormed(part), writable: true, enumerable: true, configurable: true };
      Object.defineProperty(value, key.toWellFormed(), own);
    }
  }
  return value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** Counts brackets, commas and colons outside strings. Stops at the first limit. */
function requireWithin(text: string, { maxDepth, maxValues = Number.POSITIVE_INFINITY }: JsonLimits): void {
  let depth = 0;
  let values = 1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index + 1);
    else if (CLOSE.has(code)) depth--;
    else if (code === COMMA || code === COLON) values++;
    else if (OPEN.has(code)) {
      depth++;
      values++;
    }
    if (depth > maxDepth) throw new JsonDepthError(`JSON nests deeper than ${maxDepth} levels`);
    if (values > maxValues) throw new JsonSizeError(`JSON has more than ${maxValues} values`);
  }
}

/** Returns the index of the quote that ends the string beginning at `start`, or the text's length if it is missing. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start);
  // Most strings have no escapes before their end. The native search is many times faster for them.
  if (quote !== -1 && text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return text.length;
}

/** Serializes a value with sorted object keys and without white space. Equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
