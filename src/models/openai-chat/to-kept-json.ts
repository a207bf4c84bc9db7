import { type JsonObject, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/** An object that a provider wants to see again, fit to be stored; undefined when it is none or nests too deeply. */
export function toKeptJson(value: unknown): JsonObject | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  try {
    // Safe: what JSON text parses to holds nothing but JSON.
    return parseJson(JSON.stringify(value), LIMITS.jsonDepth) as JsonObject;
  } catch {
    return undefined;
  }
}
