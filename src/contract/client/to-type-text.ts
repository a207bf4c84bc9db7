import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";

const COMPONENT = /^#\/components\/schemas\/(.+)$/;

/** Writes the TypeScript type of a JSON schema. What it does not know becomes `unknown`. */
export function toTypeText(schema: JsonValue | undefined): string {
  if (!isJsonObject(schema)) return "unknown";
  const { $ref, const: constant, enum: values, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === "string") return toTypeName(COMPONENT.exec($ref)?.[1] ?? "");
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return join(values.map((value) => JSON.stringify(value)));
  const members = anyOf ?? oneOf;
  if (Array.isArray(members)) return join(members.map(toTypeText));
  if (Array.isArray(allOf)) return allOf.map((part) => group(toTypeText(part))).join(" & ");
  if (Array.isArray(type)) return join(type.map((name) => ofType(String(name), schema)));
  return typeof type === "string" ? ofType(type, schema) : "unknown";
}

/** The name of a component as the name of a type. */
export const toTypeName = (component: string): string => component.replaceAll(/\W/g, "_");

function ofType(type: string, schema: JsonObject): string {
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "string":
      return schema.format === "binary" ? "Blob" : "string";
    case "boolean":
    case "null":
      return type;
    case "array":
      return `readonly ${group(toTypeText(schema.items))}[]`;
    case "object":
      return toObjectText(schema);
    default:
      return "unknown";
  }
}

function toObjectText({ properties, required, additionalProperties }: JsonObject): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, field]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${toDocText(field)}readonly ${key}${needed.has(name) ? "" : "?"}: ${toTypeText(field)}`;
  });
  const isOpen = additionalProperties !== undefined && additionalProperties !== false;
  if (fields.length === 0)
    return `{ readonly [name: string]: ${isOpen ? toTypeText(additionalProperties) : "unknown"} }`;
  const rest = isOpen ? ["readonly [name: string]: unknown"] : [];
  return `{ ${[...fields, ...rest].join("; ")} }`;
}

function toDocText(field: JsonValue): string {
  const description = isJsonObject(field) ? field.description : undefined;
  return typeof description === "string"
    ? `/** ${description.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */ `
    : "";
}

const join = (types: readonly string[]): string => [...new Set(types)].map(group).join(" | ") || "never";

/** Puts a union into parentheses, because other operators bind more tightly. */
const group = (type: string): string => (/ [|&] /.test(type) && !/^\{.*\}$/.test(type) ? `(${type})` : type);
