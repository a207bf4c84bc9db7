import type { ModelTool } from "#models/language-model.ts";
import type { Quirks } from "#models/quirks/quirks.ts";
import { toGoogleSchema } from "#models/schemas/to-google-schema.ts";

const encoded = new WeakMap<readonly ModelTool[], Map<Quirks["schemas"], string>>();

/**
 * Returns tools in the OpenAI chat format as JSON. The result is cached per list, because an agent's list stays the
 * same between calls.
 */
export function encodeTools(tools: readonly ModelTool[], schemas: Quirks["schemas"]): string {
  const bySchemas = encoded.get(tools) ?? new Map();
  encoded.set(tools, bySchemas);
  const text: string = bySchemas.get(schemas) ?? JSON.stringify(tools.map((tool) => toTool(tool, schemas)));
  bySchemas.set(schemas, text);
  return text;
}

function toTool({ name, description, parameters, strict }: ModelTool, schemas: Quirks["schemas"]) {
  const schema = schemas === "google" ? toGoogleSchema(parameters) : parameters;
  return { type: "function", function: { name, description, parameters: schema, strict } };
}
