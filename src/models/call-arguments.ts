import { type JsonObject, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/** Tool arguments of an earlier turn, both as text and as the object that it means. */
export interface CallArguments {
  readonly text: string;
  readonly value: JsonObject;
}

/** Providers refuse a history with broken arguments, so those travel inside an object that says what they are. */
export function toCallArguments(text: string): CallArguments {
  const value = parseObject(text);
  if (value !== undefined) return { text, value };
  const wrapped = { invalid_json: text };
  return { text: JSON.stringify(wrapped), value: wrapped };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text, LIMITS.jsonDepth);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Safe: what JSON text parses to holds nothing but JSON. */
const isJsonObject = (value: unknown): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
