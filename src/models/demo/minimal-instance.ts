import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "#base/json.ts";

const MAX_DEPTH = 16;

/** Returns a minimal value that fits a JSON Schema. Supports the keywords that schemas of tools and answers use. */
export function minimalInstance(schema: JsonObject): JsonValue {
  return instanceOf(schema, schema, 0);
}

function instanceOf(node: JsonValue | undefined, root: JsonObject, depth: number): JsonValue {
  if (!isJsonObject(node) || depth > MAX_DEPTH) return null;
  const schema = resolve(node, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum) && schema.enum[0] !== undefined) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return instanceOf(alternatives[0], root, depth + 1);

  switch (typeOf(schema)) {
    case "object":
      return objectOf(schema, root, depth);
    case "array":
      return Array.from({ length: count(schema.minItems) }, () => instanceOf(schema.items, root, depth + 1));
    case "string":
      return stringOf(schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return false;
    default:
      return null;
  }
}

function objectOf(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required: readonly JsonValue[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.fromEntries(
    required.map((name) => [String(name), instanceOf(ownValue(properties, String(name)) ?? {}, root, depth + 1)]),
  );
}

const FORMATS: Readonly<Record<string, string>> = {
  date: "2000-01-01",
  "date-time": "2000-01-01T00:00:00Z",
  time: "00:00:00Z",
  email: "demo@example.com",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function stringOf({ format, minLength }: JsonObject): string {
  const text = (typeof format === "string" ? ownValue(FORMATS, format) : undefined) ?? "demo";
  return text.padEnd(Math.min(count(minLength), 1_000), "o");
}

function numberOf({ minimum, exclusiveMinimum, maximum }: JsonObject): number {
  if (typeof minimum === "number") return Math.ceil(minimum);
  if (typeof exclusiveMinimum === "number") return Math.floor(exclusiveMinimum) + 1;
  return typeof maximum === "number" ? Math.min(0, Math.floor(maximum)) : 0;
}

function typeOf(schema: JsonObject): JsonValue | undefined {
  if (Array.isArray(schema.type)) return schema.type.find((type) => type !== "null") ?? "null";
  return schema.type ?? (schema.properties === undefined ? undefined : "object");
}

/** Follows a chain of references within the document. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  for (let hops = 0; hops < MAX_DEPTH && typeof current.$ref === "string"; hops++) {
    const target = current.$ref
      .replace(/^#\/?/, "")
      .split("/")
      .filter((step) => step !== "")
      .reduce<JsonValue | undefined>((value, step) => (isJsonObject(value) ? ownValue(value, step) : undefined), root);
    if (!isJsonObject(target)) return {};
    current = target;
  }
  return current;
}

const count = (value: JsonValue | undefined) => (typeof value === "number" ? Math.min(Math.max(value, 0), 100) : 0);
