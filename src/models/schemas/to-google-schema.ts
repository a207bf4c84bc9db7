import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";
import { inlineReferences } from "#models/schemas/inline-references.ts";

/** Keywords that Google's subset of JSON Schema refuses: https://ai.google.dev/api/caching#Schema. */
const REFUSED = new Set(["$schema", "$id", "$comment", "additionalProperties", "examples", "default"]);

/** A schema that Google's models take: references in place, refused keywords gone. */
export const toGoogleSchema = (schema: JsonObject): JsonObject => clean(inlineReferences(schema));

function clean(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema)
    .filter(([keyword]) => !REFUSED.has(keyword))
    .map(([keyword, value]) => [keyword, cleanValue(keyword, value)]);
  const cleaned: JsonObject = Object.fromEntries(entries);
  return isMixed(cleaned.enum) ? { ...cleaned, type: "string", enum: cleaned.enum.map(String) } : cleaned;
}

/** Names of properties are no keywords. */
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

/** A list of values of several types is refused; models write the right one as text all the same. */
const isMixed = (values: JsonValue | undefined): values is readonly JsonValue[] =>
  Array.isArray(values) && new Set(values.filter((value) => value !== null).map((value) => typeof value)).size > 1;
