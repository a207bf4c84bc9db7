import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";

/**
 * The most nodes of one schema. Schemas whose definitions refer to each other several times would grow exponentially.
 */
const MAX_NODES = 5_000;
const ANY_OBJECT: JsonObject = { type: "object" };

/**
 * Returns the schema with each `$ref` replaced by its target, without `$defs`. A reference that is circular, external
 * or past the limit becomes any object.
 */
export function inlineReferences(schema: JsonObject): JsonObject {
  if (!JSON.stringify(schema).includes('"$ref"')) return withoutDefinitions(schema);
  let nodes = 0;

  function inline(value: JsonValue, open: readonly string[]): JsonValue {
    if (++nodes > MAX_NODES) return ANY_OBJECT;
    if (isArray(value)) return value.map((item) => inline(item, open));
    if (value === null || typeof value !== "object") return value;

    const { $ref, ...rest } = value;
    if (typeof $ref !== "string") return inlineSchema(value, open);
    const target = open.includes($ref) ? undefined : resolve(schema, $ref);
    if (target === undefined) return { ...ANY_OBJECT, ...inlineSchema(rest, open) };
    return { ...inlineSchema(target, [...open, $ref]), ...inlineSchema(rest, open) };
  }

  const inlineSchema = (value: JsonObject, open: readonly string[]): JsonObject =>
    mapEntries(withoutDefinitions(value), (entry, key) =>
      // Property names are not keywords.
      key === "properties" && isJsonObject(entry)
        ? mapEntries(entry, (property) => inline(property, open))
        : inline(entry, open),
    );

  return inlineSchema(schema, []);
}

const mapEntries = (value: JsonObject, map: (entry: JsonValue, key: string) => JsonValue): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, map(entry, key)]));

function withoutDefinitions({ $defs: _, definitions: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

/**
 * Resolves a JSON pointer within the document, such as `#/$defs/address`. Returns undefined if there is no such object.
 */
function resolve(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith("#/")) return reference === "#" ? root : undefined;
  let value: JsonValue | undefined = root;
  for (const name of reference.slice(2).split("/")) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return isJsonObject(value) ? value : undefined;
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
