import { isUtf8 } from "node:buffer";
import { randomHex } from "#base/random-hex.ts";
import { unescapeJson } from "#transport/http/long-texts/unescape-json.ts";
import { type JsonProblem, parseJsonBytes } from "#transport/http/parse-json-bytes.ts";

/** In bytes. Shorter texts cost less where they are. */
const LONG = 4 * 1_024;

/** Where something is in a body, in bytes. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A text of a JSON value, apart from it. Its place holds it as UTF-8. */
export interface CutText extends Place {
  /** The keys and indices from the root of the value to the text. */
  readonly path: readonly string[];
}

/** A JSON value without its long texts. Each is replaced by a short one. The bytes are those of the body. */
export interface CutJson {
  readonly value: unknown;
  readonly texts: readonly CutText[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type ParsedCutJson = CutJson | { readonly problem: JsonProblem };

/**
 * Parses a large body, but leaves its long texts as bytes. Bytes move between threads without a copy. Texts would be
 * copied, and a body of 20 MB would take more than 100. Takes the bytes over. Never throws.
 */
export function parseCutJson(bytes: Uint8Array<ArrayBuffer>): ParsedCutJson {
  const literals = [...findLongTexts(bytes)];
  if (literals.length === 0) return { texts: [], bytes: new Uint8Array(), ...parseJsonBytes(bytes) };
  // Nobody can guess the marks, so no text of a caller is taken for one.
  const secret = randomHex(16);
  const marks = new Map<string, Place>();
  const others: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of literals) {
    if (!isUtf8(bytes.subarray(start, end))) return { problem: "utf8" };
    const newEnd = unescapeJson(bytes, start, end);
    if (newEnd === undefined) return { problem: "syntax" };
    const mark = `${secret} ${marks.size}`;
    marks.set(mark, { start, end: newEnd });
    others.push(bytes.subarray(from, start), Buffer.from(mark));
    from = end;
  }
  const parsed = parseJsonBytes(new Uint8Array(Buffer.concat([...others, bytes.subarray(from)])));
  return "problem" in parsed ? parsed : { value: parsed.value, texts: [...findMarks(parsed.value, marks)], bytes };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Finds what is between the quotes of long strings, except those of keys. */
function* findLongTexts(bytes: Uint8Array): Generator<Place> {
  for (let start = bytes.indexOf(QUOTE) + 1; start > 0; ) {
    const end = endOfString(bytes, start);
    if (end === -1) return;
    if (end - start >= LONG && !isKey(bytes, end)) yield { start, end };
    start = bytes.indexOf(QUOTE, end + 1) + 1;
  }
}

/** Returns the place of the quote that ends the string beginning at `start`, or -1. */
function endOfString(bytes: Uint8Array, start: number): number {
  let end = bytes.indexOf(QUOTE, start);
  while (end !== -1 && isEscaped(bytes, start, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end;
}

function isEscaped(bytes: Uint8Array, start: number, at: number): boolean {
  let first = at;
  while (first > start && bytes[first - 1] === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function isKey(bytes: Uint8Array, end: number): boolean {
  let next = end + 1;
  while (SPACES.has(bytes[next] ?? 0)) next++;
  return bytes[next] === COLON;
}

function* findMarks(
  value: unknown,
  marks: ReadonlyMap<string, Place>,
  path: readonly string[] = [],
): Generator<CutText> {
  const found = typeof value === "string" ? marks.get(value) : undefined;
  if (found) yield { path, ...found };
  if (value === null || typeof value !== "object") return;
  for (const [key, part] of Object.entries(value)) yield* findMarks(part, marks, [...path, key]);
}
