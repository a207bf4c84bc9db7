import { isJsonObject, type JsonObject, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/** Tool arguments of an earlier turn, as text and as the parsed object. */
export interface CallArguments {
  readonly text: string;
  readonly value: JsonObject;
}

/**
 * Converts tool arguments to an object for a provider. Wraps arguments that are not a JSON object in one, because
 * providers refuse a history with broken arguments.
 */
export function toCallArguments(text: string): CallArguments {
  const value = findObject(text);
  if (value !== undefined) return { text: text.trimStart().startsWith("{") ? text : JSON.stringify(value), value };
  const wrapped = { invalid_json: text };
  return { text: JSON.stringify(wrapped), value: wrapped };
}

function findObject(text: string): JsonObject | undefined {
  try {
    const value = parseCallArguments(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Parses tool arguments. Nothing, `null` and an empty list mean no arguments. Some models write the JSON text of a JSON
 * text. Throws if the text is not JSON.
 */
export function parseCallArguments(text: string): unknown {
  if (text.trim() === "") return {};
  const value = parseJson(text, { maxDepth: LIMITS.jsonDepth });
  if (typeof value === "string") return parseInnerArguments(value);
  return value === null || (Array.isArray(value) && value.length === 0) ? {} : value;
}

function parseInnerArguments(text: string): unknown {
  try {
    return parseCallArguments(text);
  } catch {
    return text;
  }
}

/**
 * Returns the arguments of a call that arrived without any. If the answer was cut off, the text is invalid JSON, which
 * marks the arguments as incomplete.
 */
export const noArguments = (isCut: boolean): string => (isCut ? "{" : "{}");

/** The longest tool name that every provider accepts, in characters. */
const SENT_NAME_LENGTH = 64;

/**
 * Converts the tool name of an earlier call into one that every provider accepts. Models may invent names with
 * characters that providers refuse.
 */
export const toSentName = (name: string): string =>
  name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, SENT_NAME_LENGTH) || "unknown";
