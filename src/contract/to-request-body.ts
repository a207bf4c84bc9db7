import type { JsonObject } from "#base/json.ts";
import { bodyFieldsOf, bodyKindOf } from "#contract/operation-facts.ts";
import type { SchemaCollector } from "#contract/schema-collector.ts";
import type { HttpOperation, HttpRoute } from "#core/operation.ts";

const MEDIA_TYPES = {
  json: "application/json",
  multipart: "multipart/form-data",
} as const;

/** Generators of clients leave out a body without a schema. */
const BYTES = { type: "string", format: "binary" };

/** Returns the request body of one route, named after the input schema. Returns undefined if it takes no body. */
export function toRequestBody(
  operation: HttpOperation,
  route: HttpRoute,
  schemas: SchemaCollector,
): JsonObject | undefined {
  const kind = bodyKindOf(operation);
  const names = bodyFieldsOf(operation, route);
  if (kind === "none" || names.length === 0) return undefined;
  if (kind === "bytes") return { required: true, content: { "application/octet-stream": { schema: BYTES } } };

  const { name, fields } = schemas.describeInput(operation.input);
  const body = pickFields(fields, names);
  const example = pick((operation.example?.input ?? {}) as JsonObject, names);
  const hasExample = Object.keys(example).length > 0;
  const media = { schema: schemas.nameInput(name, body), ...(hasExample && { example }) };
  return { required: body.required !== undefined, content: { [MEDIA_TYPES[kind]]: media } };
}

function pickFields({ properties, required, ...rest }: JsonObject, fields: readonly string[]): JsonObject {
  const needed = ((required ?? []) as readonly string[]).filter((name) => fields.includes(name));
  return {
    ...rest,
    properties: pick((properties ?? {}) as JsonObject, fields),
    ...(needed.length > 0 && { required: needed }),
  };
}

const pick = (value: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
