export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the object that a person wrote as JSON, or undefined if it is none. An empty text is an empty object. */
export function parseObject(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes an object so that a person can change it. */
export const formatObject = (value: JsonObject): string => JSON.stringify(value, null, 2);
