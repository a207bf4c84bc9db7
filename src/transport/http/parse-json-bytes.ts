import { JsonDepthError, JsonSizeError, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/** The value of a JSON text, or why it has none. */
export type ParsedJson = { readonly value: unknown } | { readonly problem: "utf8" | "depth" | "size" | "syntax" };

// Skips a byte order mark. Refuses invalid UTF-8 instead of replacing it.
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Parses a request body within the limits of nesting and size. Never throws. */
export function parseJsonBytes(bytes: Uint8Array): ParsedJson {
  let text: string;
  try {
    text = STRICT_UTF8.decode(bytes);
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
