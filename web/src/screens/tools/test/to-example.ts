import type { JsonObject } from "#web/screens/tools/parts/parse-object.ts";

/** Returns an example of what a JSON Schema of type object describes: what is needed, with values to fill in. */
export function toExample({ properties, required }: JsonObject): JsonObject {
  if (typeof properties !== "object" || properties === null) return {};
  const needed = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(properties as Readonly<Record<string, JsonObject>>)
      .filter(([name]) => needed.includes(name))
      .map(([name, schema]) => [name, toValue(schema)]),
  );
}

function toValue(schema: JsonObject): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch (schema.type) {
    case "number":
    case "integer":
      return 0;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return toExample(schema);
    default:
      return "";
  }
}
