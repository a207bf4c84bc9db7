export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Whether a value has fields: an object that is no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The same for what came out of JSON text, which holds nothing but JSON. */
export const isJsonObject = (value: unknown): value is JsonObject => isRecord(value);

/** Fields that may be missing or anything, as those of an object. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

export class JsonDepthError extends Error {
  override readonly name = "JsonDepthError";
}

/**
 * Parses JSON text after checking its nesting, since parsers and walkers recurse. Its strings are whole characters.
 * Throws `JsonDepthError` past `maxDepth` and `SyntaxError` on anything that is not one JSON value.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  if (depthOf(text, maxDepth) > maxDepth) throw new JsonDepthError(`JSON nests deeper than ${maxDepth} levels`);
  return JSON.parse(mendSurrogates(text));
}

/**
 * Half a surrogate pair becomes the replacement character: no UTF-8 can say it, so that whatever stores or sends it later
 * fails or changes it. In JSON text that was UTF-8 it can only stand as an escape.
 */
function mendSurrogates(text: string): string {
  const mended: string[] = [];
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
    mended.push(text.slice(from, index), "\\ufffd");
    from = end;
  }
  return from === 0 ? text : mended.join("") + text.slice(from);
}

const SURROGATE = /\\u[dD][89a-fA-F][\da-fA-F]{2}/g;
const LOW_SURROGATE = /\\u[dD][c-fC-F][\da-fA-F]{2}/y;
const isHigh = (half: string): boolean => /[89abAB]/.test(half.charAt(3));

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** How deep brackets nest outside strings; stops counting once past `limit`. */
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

/** The index of the quote that ends the string beginning at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start); end !== -1; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (index - before) % 2 === 1;
}

/** Equal values give equal text: object keys in order, no white space. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
