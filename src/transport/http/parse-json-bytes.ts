import { JsonDepthError, JsonSizeError, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { freeBytes } from "#transport/http/growing-bytes.ts";

/** Why a JSON text has no value. */
export type JsonProblem = "utf8" | "depth" | "size" | "syntax";

/** The value of a JSON text, or why it has none. */
export type ParsedJson = { readonly value: unknown } | { readonly problem: JsonProblem };

// Skips a byte order mark. Refuses invalid UTF-8 instead of replacing it.
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Parses a request body within the limits of nesting and size. Takes its bytes over. Never throws. */
export function parseJsonBytes(bytes: Uint8Array<ArrayBuffer>): ParsedJson {
  let text: string;
  try {
    text = takeText(bytes);
  } catch {
    return { problem: "utf8" };
  }
  try {
    return { value: parseJson(text, { maxDepth: LIMITS.jsonDepth, maxValues: LIMITS.jsonValues }) };
  } catch (thrown) {
    if (thrown instanceof JsonDepthError) return { problem: "depth" };
    return { problem: thrown instanceof JsonSizeError ? "size" : "syntax" };
  }
}

function takeText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } finally {
    freeBytes(bytes);
  }
}
