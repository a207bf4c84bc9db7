import { isUtf8 } from "node:buffer";
import { randomHex } from "#base/random-hex.ts";
import { freeBytes } from "#transport/http/growing-bytes.ts";
import { unescapeJson } from "#transport/http/long-texts/unescape-json.ts";
import { type JsonProblem, parseJsonBytes } from "#transport/http/parse-json-bytes.ts";

/** In bytes. Shorter texts cost less where they are. */
const LONG = 4 * 1_024;

/** Where something is in a body, in bytes. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** The keys and indices from the root of a JSON value to a part of it. */
export type JsonPath = readonly string[];

/** A JSON value without its long texts. Each is replaced by a short one. */
export interface CutJson {
  readonly value: unknown;
  /** Where the long texts belong. */
  readonly paths: readonly JsonPath[];
  /** The long texts, in the order of their paths. */
  readonly texts: readonly string[];
}

export type ParsedCutJson = CutJson | { readonly problem: JsonProblem };

/** What a thread answers. The texts go ahead. */
export type SentJson = Omit<CutJson, "texts"> | { readonly problem: JsonProblem };

/**
 * Parses a large body, and keeps its long texts apart. A list of texts moves between threads without a copy. As part of
 * a value they would be copied, and a body of 20 MB would take more than 100. Takes the bytes over. Never throws.
 */
export function parseCutJson(bytes: Uint8Array<ArrayBuffer>): ParsedCutJson {
  const literals = [...findLongTexts(bytes)];
  if (literals.length === 0) return { paths: [], texts: [], ...parseJsonBytes(bytes) };
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
  if ("problem" in parsed) return parsed;
  const found = [...findMarks(parsed.value, marks)].toSorted((one, other) => one.start - other.start);
  return { value: parsed.value, paths: found.map(({ path }) => path), texts: takeTexts(bytes, found) };
}

// A text may begin with U+FEFF, which stands for a byte order mark only at the start of a body.
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Returns the texts at places in their order, and frees the bytes. They shrink meanwhile, because the last goes first. */
function takeTexts({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, places: readonly Place[]): readonly string[] {
  const texts = places.toReversed().map(({ start, end }) => {
    const text = UTF8.decode(new Uint8Array(buffer, byteOffset + start, end - start));
    if (buffer.resizable) buffer.resize(byteOffset + start);
    return text;
  });
  freeBytes(new Uint8Array(buffer));
  return texts.reverse();
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
  path: JsonPath = [],
): Generator<Place & { readonly path: JsonPath }> {
  const found = typeof value === "string" ? marks.get(value) : undefined;
  if (found) yield { path, ...found };
  if (value === null || typeof value !== "object") return;
  for (const [key, part] of Object.entries(value)) yield* findMarks(part, marks, [...path, key]);
}
