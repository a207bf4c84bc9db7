import { type JsonObject, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/**
 * Converts an object that a provider needs back into JSON that can be stored. Returns undefined if it is not an object
 * or is nested too deeply.
 */
export function toKeptJson(value: unknown): JsonObject | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  try {
    // Safe: parsed JSON text consists of JSON values only.
    return parseJson(JSON.stringify(value), { maxDepth: LIMITS.jsonDepth }) as JsonObject;
  } catch {
    return undefined;
  }
}
