import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";
import { MAX_BYTES } from "#core/free-form.ts";

const COMPONENTS = "#/components/schemas/";

/** What the reference calls a text of each format. */
const FORMATS: Readonly<Record<string, string>> = {
  uuid: "id (UUID)",
  "date-time": "time (RFC 3339)",
  date: "day (`2026-01-31`)",
  uri: "URL",
  binary: "file",
};

/** Describes which values a JSON schema allows, in Markdown that fits into the cell of a table. */
export function describeType(schema: JsonObject): string {
  const name = schemaNameOf(schema);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return joinAlternatives([...new Set(alternatives.map(describeType))]);
  if (Array.isArray(schema.enum)) return toChoice(schema.enum.map(toCode));
  if (schema.const !== undefined) return toCode(schema.const);
  const types = [schema.type ?? []].flat().map(String);
  if (types.length === 0) return withLimits("any JSON", bytesOf(schema));
  return joinAlternatives(types.map((type) => describeOne(type, schema)));
}

/** Returns the name that a schema refers to. */
export function schemaNameOf({ $ref }: JsonObject): string | undefined {
  return typeof $ref === "string" && $ref.startsWith(COMPONENTS) ? $ref.slice(COMPONENTS.length) : undefined;
}

/** Returns the schemas of which a value has to fit one, if there is such a list. */
export const alternativesOf = ({ anyOf, oneOf }: JsonObject): readonly JsonObject[] =>
  [anyOf ?? oneOf ?? []].flat().filter(isJsonObject);

function describeOne(type: string, schema: JsonObject): string {
  switch (type) {
    case "string":
      return withLimits(FORMATS[String(schema.format)] ?? "text", [
        ...rangeOf(schema.minLength, schema.maxLength, "characters"),
        ...(typeof schema.pattern === "string" ? [`matching ${toCode(schema.pattern)}`] : []),
      ]);
    case "integer":
    case "number":
      return withLimits(type, rangeOf(schema.minimum, schema.maximum, ""));
    case "array":
      return describeList(schema);
    case "object":
      return withLimits("object", bytesOf(schema)) + describeValues(schema);
    default:
      return type;
  }
}

function describeList({ items, minItems, maxItems }: JsonObject): string {
  const item = isJsonObject(items) ? describeType(items) : "any JSON";
  const limits = rangeOf(minItems, maxItems, "items");
  // In any other order, a reader would take the limits of the items for those of the list.
  return /, | or /.test(item)
    ? withLimits("list", [...limits, `each: ${item}`])
    : withLimits(`list of ${item}`, limits);
}

/** A reader would take limits before a bare "or" for those of every alternative. */
const joinAlternatives = (texts: readonly string[]): string =>
  texts.join(texts.slice(0, -1).some((text) => text.includes(", ")) ? "; or " : " or ");

const toChoice = (values: readonly string[]): string =>
  values.length > 1 ? `one of ${values.join(", ")}` : values.join("");

function describeValues({ properties, additionalProperties: values }: JsonObject): string {
  const isOpen = properties === undefined && isJsonObject(values) && Object.keys(values).length > 0;
  return isOpen ? `; values: ${describeType(values)}` : "";
}

const bytesOf = ({ [MAX_BYTES]: bytes }: JsonObject) => rangeOf(undefined, bytes, "bytes");

function rangeOf(min: JsonValue | undefined, max: JsonValue | undefined, unit: string): readonly string[] {
  const suffix = unit === "" ? "" : ` ${unit}`;
  if (typeof max === "number") {
    if (min === max) return [`exactly ${max}${suffix}`];
    return [isLowest(min, unit) ? `at most ${max}${suffix}` : `${min} to ${max}${suffix}`];
  }
  if (isLowest(min, unit)) return [];
  return [unit !== "" && min === 1 ? "not empty" : `at least ${min}${suffix}`];
}

/** Whether a lower limit says nothing, because a count is never below zero. */
const isLowest = (min: JsonValue | undefined, unit: string): boolean =>
  typeof min !== "number" || (min === 0 && unit !== "");

const withLimits = (text: string, limits: readonly string[]): string => [text, ...limits].join(", ");

/** Writes a value as code. The bars of a pattern would end the cell of a table. */
const toCode = (value: JsonValue): string => {
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
};
