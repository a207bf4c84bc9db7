import { isJsonObject, type JsonObject, parseJson } from "#base/json.ts";
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

/**
 * The arguments of a call that came without any. One that was cut off before them is as broken as one that was cut off
 * within them, which shows in its text.
 */
export const noArguments = (isCut: boolean): string => (isCut ? "{" : "{}");

/** The characters and the length that every provider takes in the name of a tool. */
const SENT_NAME_LENGTH = 64;

/** The name under which an earlier call is sent: models make up names that providers refuse to see again. */
export const toSentName = (name: string): string =>
  name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, SENT_NAME_LENGTH) || "unknown";
