import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";

/** Nodes of one schema: references that refer to each other twice over would grow without end. */
const MAX_NODES = 5_000;
const ANYTHING: JsonObject = { type: "object" };

/**
 * The schema with each `$ref` replaced by what it refers to, without `$defs`. A reference into itself, to another
 * document or past the bound becomes any object.
 */
export function inlineReferences(schema: JsonObject): JsonObject {
  if (!JSON.stringify(schema).includes('"$ref"')) return withoutDefinitions(schema);
  let nodes = 0;

  function inline(value: JsonValue, open: readonly string[]): JsonValue {
    if (++nodes > MAX_NODES) return ANYTHING;
    if (isArray(value)) return value.map((item) => inline(item, open));
    if (value === null || typeof value !== "object") return value;

    const { $ref, ...rest } = value;
    if (typeof $ref !== "string") return inlineSchema(value, open);
    const target = open.includes($ref) ? undefined : resolve(schema, $ref);
    if (target === undefined) return { ...ANYTHING, ...inlineSchema(rest, open) };
    return { ...inlineSchema(target, [...open, $ref]), ...inlineSchema(rest, open) };
  }

  const inlineSchema = (value: JsonObject, open: readonly string[]): JsonObject =>
    mapEntries(withoutDefinitions(value), (entry, key) =>
      // The names of properties are no keywords.
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

/** Follows a pointer within the document, such as `#/$defs/address`. */
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
