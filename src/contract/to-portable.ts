import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";

/** Keywords whose value is a list of alternatives. Null may stand alone in them. */
const ALTERNATIVES = ["anyOf", "oneOf"] as const;

/**
 * Rewrites a JSON schema to the part of the standard that generators of clients understand. The result accepts the same
 * values, and a few more where generators cannot read a pattern or a constant.
 */
export function toPortable(schema: JsonObject): JsonObject {
  return withoutNullAlone(toPortableMember(schema));
}

function toPortableMember(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, JsonValue][] => {
    if (key === "pattern" && typeof value === "string" && !isPortablePattern(value)) return [];
    if (key === "const" && isNameless(value)) return [];
    if (key === "propertyNames" && schema.type === "object" && isPlainText(value)) return [];
    if (isAlternatives(key) && Array.isArray(value)) return [[key, value.map(toPortableAlternative)]];
    return [[key, toPortableValue(value)]];
  });
  return withNullType(Object.fromEntries(entries));
}

function toPortableValue(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(toPortableValue);
  return isJsonObject(value) ? toPortable(value) : value;
}

const toPortableAlternative = (value: JsonValue): JsonValue =>
  isJsonObject(value) ? toPortableMember(value) : toPortableValue(value);

const isAlternatives = (key: string) => ALTERNATIVES.some((name) => name === key);

// Array.isArray does not narrow to a readonly array.
const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

const isPlainText = (value: JsonValue) => canonicalJson(value) === '{"type":"string"}';

/**
 * Generators turn a constant into an enumeration of one, and its value into the name of the member. They fail for true
 * and false, and for a text without letters and digits.
 */
const isNameless = (value: JsonValue): boolean =>
  typeof value === "boolean" || (typeof value === "string" && !/[A-Za-z0-9]/.test(value));

/** Go and Rust have no lookaround and no back references. Most languages know `\p` under other names, or not at all. */
const isPortablePattern = (pattern: string): boolean => !/\\[pP\dk]|\(\?(?!:)/.test(pattern);

/** Many languages have no type whose only value is null, so such a field is described as a text that may be null. */
function withoutNullAlone(schema: JsonObject): JsonObject {
  if (schema.type !== "null") return schema;
  const { const: _, ...rest } = schema;
  return { ...rest, type: ["string", "null"] };
}

/** Merges `anyOf: [{ type: T }, { type: "null" }]` into `type: [T, "null"]`, which more generators understand. */
function withNullType(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (anyOf === undefined || !isList(anyOf) || anyOf.length !== 2) return schema;
  const [first, second] = anyOf;
  if (!isJsonObject(first) || typeof first.type !== "string" || !isOpen(first)) return schema;
  return canonicalJson(second) === '{"type":"null"}' ? { ...first, ...rest, type: [first.type, "null"] } : schema;
}

/** Whether any value of its type may fit. A list of values has to contain null, which some generators cannot read. */
const isOpen = ({ type, enum: values, const: only }: JsonObject) =>
  type !== "null" && values === undefined && only === undefined;
