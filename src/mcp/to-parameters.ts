import { isRecord, type JsonObject, recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

/** The parameters of a tool as model providers take them. */
export interface ToolParameters {
  readonly parameters: JsonObject;
  /** The server's names of renamed parameters, by their new names. */
  readonly renamed: Readonly<Record<string, string>>;
}

type Schema = Readonly<Record<string, unknown>>;

/** Anthropic takes only such names of parameters. */
const TAKEN_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
const MAX_NAME_CHARS = 64;
const CHOICES = ["anyOf", "oneOf", "allOf"] as const;

/**
 * Converts a server's schema to one that every model provider takes: of type object, with properties, and without a
 * choice at its top. Returns undefined for a schema that is too large or too deep.
 */
export function toParameters(schema: unknown): ToolParameters | undefined {
  const { $schema: _, ...given } = recordOf(schema);
  if (isDeeper(given, LIMITS.mcpSchemaDepth)) return undefined;
  const { properties, renamed } = renameProperties(propertiesOf(given));
  const required = Array.isArray(given.required) ? given.required.map((name) => newNameOf(renamed, name)) : undefined;
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !CHOICES.some((choice) => choice === key)));
  const complete = { ...rest, type: "object", properties, ...(required && { required }) };
  const text = JSON.stringify(complete).toWellFormed();
  // Safe: it is JSON text of an object.
  return text.length > LIMITS.mcpSchemaChars
    ? undefined
    : { parameters: JSON.parse(text, withItems) as JsonObject, renamed };
}

/** Returns the properties of a schema and of the choices at its top. A choice then no longer makes any required. */
function propertiesOf(schema: Schema): Schema {
  const chosen = CHOICES.flatMap((choice) => (Array.isArray(schema[choice]) ? schema[choice] : []));
  return Object.assign(
    {},
    ...chosen.map((branch) => recordOf(recordOf(branch).properties)),
    recordOf(schema.properties),
  );
}

function renameProperties(given: Schema): { readonly properties: Schema; readonly renamed: Record<string, string> } {
  const renamed: Record<string, string> = {};
  const entries = Object.entries(given).map(([name, property]) => {
    if (TAKEN_NAME.test(name)) return [name, property] as const;
    let written = name.replace(/[^a-zA-Z0-9_.-]/g, "_").slice(0, MAX_NAME_CHARS - 4) || "_";
    while (Object.hasOwn(given, written) || Object.hasOwn(renamed, written)) written += "_";
    renamed[written] = name;
    return [written, property] as const;
  });
  return { properties: Object.fromEntries(entries), renamed };
}

const newNameOf = (renamed: Readonly<Record<string, string>>, name: unknown): unknown =>
  Object.entries(renamed).find(([, old]) => old === name)?.[0] ?? name;

/** Adds the items that OpenAI requires of every array. */
const withItems = (_: string, value: unknown): unknown =>
  isRecord(value) && value.type === "array" && value.items === undefined && value.prefixItems === undefined
    ? { ...value, items: {} }
    : value;

function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}
