import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";
import { inlineReferences } from "#models/schemas/inline-references.ts";

/** Keywords that Google's subset of JSON Schema refuses: https://ai.google.dev/api/caching#Schema. */
const REFUSED = new Set(["$schema", "$id", "$comment", "additionalProperties", "examples", "default"]);

/** Converts a schema to Google's subset of JSON Schema: references are inlined and refused keywords removed. */
export const toGoogleSchema = (schema: JsonObject): JsonObject => clean(inlineReferences(schema));

function clean(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema)
    .filter(([keyword]) => !REFUSED.has(keyword))
    .map(([keyword, value]) => [keyword, cleanValue(keyword, value)]);
  const cleaned: JsonObject = Object.fromEntries(entries);
  return isMixed(cleaned.enum) ? { ...cleaned, type: "string", enum: cleaned.enum.map(String) } : cleaned;
}

/** Cleans the value of a keyword. Property names are not keywords. */
function cleanValue(keyword: string, value: JsonValue): JsonValue {
  if (keyword === "properties" && isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, isJsonObject(schema) ? clean(schema) : schema]),
    );
  }
  if (keyword === "enum" || keyword === "required" || keyword === "const") return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => (isJsonObject(item) ? clean(item) : item));
  return isJsonObject(value) ? clean(value) : value;
}

/**
 * Returns whether an enum mixes types, which Google refuses. Such an enum becomes strings, among which models still
 * choose correctly.
 */
const isMixed = (values: JsonValue | undefined): values is readonly JsonValue[] =>
  Array.isArray(values) && new Set(values.filter((value) => value !== null).map((value) => typeof value)).size > 1;
