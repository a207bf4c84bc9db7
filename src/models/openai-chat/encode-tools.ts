import type { ModelTool } from "#models/language-model.ts";
import type { Quirks } from "#models/quirks/quirks.ts";
import { toGoogleSchema } from "#models/schemas/to-google-schema.ts";

const encoded = new WeakMap<readonly ModelTool[], Map<Quirks["schemas"], string>>();

/** Tools in the OpenAI chat format, as JSON. An agent's are the same from call to call, and encoded once. */
export function encodeTools(tools: readonly ModelTool[], schemas: Quirks["schemas"]): string {
  const known = encoded.get(tools) ?? new Map();
  encoded.set(tools, known);
  const text: string = known.get(schemas) ?? JSON.stringify(tools.map((tool) => toTool(tool, schemas)));
  known.set(schemas, text);
  return text;
}

function toTool({ name, description, parameters, strict }: ModelTool, schemas: Quirks["schemas"]) {
  const schema = schemas === "google" ? toGoogleSchema(parameters) : parameters;
  return { type: "function", function: { name, description, parameters: schema, strict } };
}
