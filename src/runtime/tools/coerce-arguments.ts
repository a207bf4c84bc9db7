import { isRecord, type JsonObject, ownValue, parseJson, recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * Converts arguments as models write them into ones that fit a JSON Schema of type object. A value that fits is never
 * changed, and no conversion loses information. What cannot be converted stays for validation to refuse.
 */
export const coerceArguments = (schema: JsonObject, value: unknown): unknown => coerce(schema, unwrap(schema, value));

const WRAPPERS = ["arguments", "parameters", "args", "params", "input"];
const NAMES_OF_TOOL = new Set(["name", "tool", "tool_name", "function"]);

/** Removes an object around the arguments, such as `{"arguments":{…}}`, where the schema has no such property. */
function unwrap(schema: JsonObject, value: unknown): unknown {
  const properties = recordOf(schema.properties);
  if (!isRecord(value) || schema.additionalProperties) return value;
  const keys = Object.keys(value).filter((key) => !NAMES_OF_TOOL.has(key) || Object.hasOwn(properties, key));
  const [key] = keys;
  if (key === undefined || keys.length > 1 || !WRAPPERS.includes(key) || Object.hasOwn(properties, key)) return value;
  const inner = fromText(value[key]);
  return isRecord(inner) ? inner : value;
}

function coerce(schema: unknown, value: unknown): unknown {
  if (!isRecord(schema) || fits(schema, value)) return value;
  const branches = branchesOf(schema);
  const converted = branches
    ? branches.map((branch) => coerce(branch, value))
    : typesOf(schema).map((type) => convert(type, schema, value));
  const known = converted.filter((candidate) => candidate !== undefined);
  return known.find((candidate) => fits(schema, candidate)) ?? known[0] ?? value;
}

/** Converts a value to a type. Returns undefined if that is impossible or would lose information. */
function convert(type: unknown, schema: Schema, value: unknown): unknown {
  switch (type) {
    case "string":
      return isExact(value) || typeof value === "boolean" ? String(value) : undefined;
    case "number":
      return typeof value === "string" ? toNumber(value) : undefined;
    case "integer": {
      const number = convert("number", schema, value);
      return Number.isInteger(number) ? number : undefined;
    }
    case "boolean":
      return typeof value === "string" ? TRUTH.get(value.trim().toLowerCase()) : undefined;
    case "object": {
      const object = fromText(value);
      return isRecord(object) ? coerceProperties(schema, object) : undefined;
    }
    case "array":
      return toArray(schema.items, value);
    default:
      return undefined;
  }
}

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

function toNumber(text: string): number | undefined {
  const number = JSON_NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
  return isExact(number) ? number : undefined;
}

/** Returns whether a value is a number that cannot have lost digits. Beyond the safe integers it may have. */
const isExact = (value: unknown): value is number =>
  typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function toArray(items: unknown, value: unknown): unknown {
  const given = fromText(value);
  if (Array.isArray(given)) return given.map((item) => coerce(items, item));
  const item = coerce(items, value);
  const isBrokenJson = typeof value === "string" && /^\s*\[/.test(value);
  return isBrokenJson || (isRecord(items) && !fits(items, item)) ? undefined : [item];
}

/** Converts the properties of an object. An optional property without a value becomes absent. */
function coerceProperties(schema: Schema, object: Schema): Schema {
  const properties = recordOf(schema.properties);
  const isOptional = (key: string) => !(Array.isArray(schema.required) && schema.required.includes(key));
  const entries = Object.entries(object).flatMap(([key, value]) => {
    const property = ownValue(properties, key);
    const isAbsent = isOptional(key) && NOTHING.has(value) && isRecord(property) && !fits(property, value);
    return isAbsent ? [] : [[key, coerce(property, value)]];
  });
  return Object.fromEntries(entries);
}

const NOTHING: ReadonlySet<unknown> = new Set([null, "", "null"]);

/** Returns the value of a JSON text that contains an object or an array. Returns every other value unchanged. */
function fromText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return parseJson(value, { maxDepth: LIMITS.jsonDepth });
  } catch {
    return value;
  }
}

/** Returns whether a value fits a schema, as far as a conversion could change that. */
function fits(schema: unknown, value: unknown): boolean {
  if (!isRecord(schema)) return true;
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) return false;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return false;
  if (branchesOf(schema)?.some((branch) => fits(branch, value)) === false) return false;
  if (value === "") return !refusesEmptyText(schema);
  if (Array.isArray(value)) return value.every((item) => fits(schema.items, item));
  if (!isRecord(value)) return true;
  const properties = recordOf(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) => fits(ownValue(properties, key), item))
  );
}

const branchesOf = ({ anyOf, oneOf }: Schema): readonly unknown[] | undefined =>
  [anyOf, oneOf].find((branches) => Array.isArray(branches));

const typesOf = ({ type }: Schema): readonly unknown[] =>
  Array.isArray(type) ? type : typeof type === "string" ? [type] : [];

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "object":
      return isRecord(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

function refusesEmptyText({ minLength, pattern }: Schema): boolean {
  if (typeof minLength === "number" && minLength > 0) return true;
  try {
    return typeof pattern === "string" && !new RegExp(pattern, "u").test("");
  } catch {
    return false;
  }
}
