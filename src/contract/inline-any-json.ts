import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";

const DEFINITIONS = "#/$defs/";

/**
 * Replaces references to a definition that contains itself only to say "any JSON", as that of `z.json()` does, by `{}`.
 * It means the same, and generators of clients understand it.
 */
export function inlineAnyJson(schema: JsonObject): JsonObject {
  const { $defs = {}, ...root } = schema as JsonObject & { readonly $defs?: JsonObject };
  if (isAnyJson(root, "#")) return {};
  const definitions = Object.entries($defs);
  const anyJson = definitions
    .map(([name]) => DEFINITIONS + name)
    .filter((self, index) => isAnyJson(definitions[index]?.[1], self));
  if (anyJson.length === 0) return schema;

  const kept = definitions.filter(([name]) => !anyJson.includes(DEFINITIONS + name));
  return JSON.parse(JSON.stringify({ ...root, $defs: Object.fromEntries(kept) }), (_key, part: JsonValue) => {
    if (!isJsonObject(part) || !anyJson.includes(String(part.$ref))) return part;
    const { $ref: _, ...rest } = part;
    return rest;
  });
}

/** Returns whether a schema accepts each JSON type, and in arrays and objects again itself. */
function isAnyJson(schema: JsonValue | undefined, self: string): boolean {
  const itself = { $ref: self };
  const any = [
    { type: "string" },
    { type: "number" },
    { type: "boolean" },
    { type: "null" },
    { type: "array", items: itself },
    { type: "object", propertyNames: { type: "string" }, additionalProperties: itself },
  ];
  return isJsonObject(schema) && canonicalJson(schema.anyOf) === canonicalJson(any);
}
