import { isJsonObject, type JsonObject, type JsonValue } from "#base/json.ts";
import { describeType, schemaNameOf } from "#contract/reference/describe-type.ts";
import { fieldsOf, toFieldsTable } from "#contract/reference/to-fields-table.ts";
import { toProse } from "#contract/reference/to-prose.ts";

type Schemas = Readonly<Record<string, JsonObject>>;

/** Writes a section for each named schema that the given ones lead to, by name. */
export function toObjectSections(roots: readonly JsonObject[], schemas: Schemas): readonly string[] {
  const names = new Set<string>();
  const visit = (value: JsonValue | undefined): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isJsonObject(value)) return;
    const name = schemaNameOf(value);
    if (name !== undefined && !names.has(name)) {
      names.add(name);
      visit(schemas[name]);
    }
    for (const part of Object.values(value)) visit(part);
  };
  for (const root of roots) visit(root);
  return [...names].sort().map((name) => toSection(name, schemas[name] ?? {}));
}

function toSection(name: string, schema: JsonObject): string {
  const fields = fieldsOf(schema, "answer");
  const intro = typeof schema.description === "string" ? [toProse(schema.description)] : [];
  const content = fields.length > 0 ? toFieldsTable(fields, "answer") : `${capitalise(describeType(schema))}.`;
  return [`### ${name}`, ...intro, content].join("\n\n");
}

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
