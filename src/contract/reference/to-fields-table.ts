import { isJsonObject, type JsonObject } from "#base/json.ts";
import { alternativesOf, describeType } from "#contract/reference/describe-type.ts";
import { toCell } from "#contract/reference/to-prose.ts";

/** Objects within objects are shown with names such as `config.policy`, to this depth. */
const MAX_DEPTH = 3;

/** A field of an object, or a parameter. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
}

/** What a table is about. A field of a request may be null wherever it may be left out, so its type leaves null out. */
export type FieldsOf = "request" | "answer";

/** Lists the fields of an object's schema, and those of the objects within it. */
export function fieldsOf(schema: JsonObject, of: FieldsOf, prefix = "", depth = 1): readonly Field[] {
  const needed = [schema.required ?? []].flat();
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    if (!isJsonObject(value)) return [];
    const name = prefix + key;
    const required = needed.includes(key);
    const type = describeType(of === "request" && !required ? withoutNull(value) : value);
    const field = { name, type, required, meaning: toMeaning(value) };
    return depth < MAX_DEPTH ? [field, ...innerFieldsOf(value, of, name, depth + 1)] : [field];
  });
}

/** Writes fields as a Markdown table. */
export function toFieldsTable(fields: readonly Field[], of: FieldsOf): string {
  const rows = fields.map(({ name, type, required, meaning }) => {
    const presence = required ? (of === "request" ? "required" : "always") : "";
    return `| \`${name}\` | ${type} | ${presence} | ${meaning} |`;
  });
  return ["| name | type | | meaning |", "|--|--|--|--|", ...rows].join("\n");
}

/** Returns a schema's description for the cell of a table, with its default. */
export function toMeaning({ description, default: usual }: JsonObject): string {
  const text = typeof description === "string" ? toCell(description) : "";
  if (usual === undefined || usual === null || usual === "") return text;
  const note = toCell(`default: \`${JSON.stringify(usual)}\``);
  return text === "" ? note : `${text}; ${note}`;
}

/** The fields of an object, of the items of a list, or of the one alternative that is either. */
function innerFieldsOf(schema: JsonObject, of: FieldsOf, name: string, depth: number): readonly Field[] {
  if (isJsonObject(schema.properties)) return fieldsOf(schema, of, `${name}.`, depth);
  if (isJsonObject(schema.items)) return innerFieldsOf(schema.items, of, `${name}[]`, depth);
  const inner = alternativesOf(schema).flatMap((option) => innerFieldsOf(option, of, name, depth));
  return [...new Map(inner.map((field) => [field.name, field])).values()];
}

function withoutNull(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, type, ...rest } = schema;
  const options = alternativesOf(schema);
  const others = options.filter((option) => option.type !== "null");
  if (options.length > 0) return others.length === 1 ? { ...others[0], ...rest } : { ...rest, anyOf: others };
  if (type === undefined) return schema;
  return { ...rest, type: [type].flat().filter((name) => name !== "null") };
}
