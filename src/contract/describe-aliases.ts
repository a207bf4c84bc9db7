import { isJsonObject, type JsonObject } from "#base/json.ts";
import { aliasOf } from "#core/aliases.ts";

/**
 * Adds the other name of each field of an input to the description of the field. The document has it nowhere else,
 * because many languages would turn both names into one.
 */
export function describeAliases(input: JsonObject): JsonObject {
  const fields = Object.entries(input.properties ?? {}).map(([name, field]) => {
    const alias = aliasOf(name);
    if (alias === undefined || !isJsonObject(field)) return [name, field] as const;
    const { description } = field;
    const note = `${description ? `${description}; also` : "Also"} taken as \`${alias}\``;
    return [name, { ...field, description: note }] as const;
  });
  return fields.length === 0 ? input : { ...input, properties: Object.fromEntries(fields) };
}
