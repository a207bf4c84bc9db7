import { z } from "zod";
import { isJsonObject, type JsonObject } from "#base/json.ts";
import type { ApiContent, ApiDocument, ApiField, ApiOperation } from "#contract/reference/api-document.ts";

const Json = z.custom<JsonObject>(isJsonObject);
const Reference = z.object({ $ref: z.string() });
const Contents = z
  .record(z.string(), z.object({ schema: Json.default({}), example: z.unknown().optional() }))
  .default({});

const Parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean(),
  description: z.string().default(""),
  schema: Json,
});

const ErrorResponse = z.object({
  description: z.string(),
  content: z.object({ "application/json": z.object({ examples: z.record(z.string(), z.unknown()) }) }),
});

const Operation = z.object({
  operationId: z.string(),
  "x-alias-of": z.string().optional(),
  tags: z.tuple([z.string()]),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(z.union([Reference, Parameter])),
  requestBody: z.object({ content: Contents }).optional(),
  responses: z.record(z.string(), z.union([Reference, z.object({ description: z.string(), content: Contents })])),
  "x-access": z.union([z.literal("public"), z.object({ role: z.string(), scope: z.string(), tenant: z.string() })]),
});
type Operation = z.output<typeof Operation>;

const Document = z.object({
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({
    schemas: z.record(z.string(), Json),
    parameters: z.record(z.string(), Parameter),
    responses: z.record(z.string(), ErrorResponse),
  }),
});
type Document = z.output<typeof Document>;

/** Reads an OpenAPI document of `toOpenApi`. Throws if it has another shape. */
export function readDocument(json: JsonObject): ApiDocument {
  const document = Document.parse(json);
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, item]) => ({ route: { method: method.toUpperCase(), path }, item })),
  );
  const operations = routes
    .filter(({ item }) => item["x-alias-of"] === undefined)
    .map(({ route, item }) => {
      const aliases = routes.filter((other) => other.item["x-alias-of"] === item.operationId);
      const aliasRoutes = aliases.map((alias) => alias.route);
      return { tag: item.tags[0], operation: { ...toOperation(item, document), route, aliases: aliasRoutes } };
    });
  return {
    groups: document.tags.map(({ name, description }) => ({
      name,
      description,
      operations: operations.filter(({ tag }) => tag === name).map(({ operation }) => operation),
    })),
    headers: Object.values(document.components.parameters),
    errors: toErrors(document),
    schemas: document.components.schemas,
  };
}

function toOperation(item: Operation, { components }: Document): Omit<ApiOperation, "route" | "aliases"> {
  const responses = Object.entries(item.responses);
  return {
    name: item.operationId,
    summary: item.summary,
    description: item.description,
    access: item["x-access"],
    parameters: item.parameters.map((part): ApiField => ("$ref" in part ? find(components.parameters, part) : part)),
    body: toContents(item.requestBody?.content ?? {})[0],
    answers: responses.flatMap(([status, response]) =>
      "$ref" in response ? [] : [{ status, description: response.description, contents: toContents(response.content) }],
    ),
    errors: responses.flatMap(([status, response]) =>
      "$ref" in response ? [{ status, codes: codesOf(find(components.responses, response)) }] : [],
    ),
  };
}

const toContents = (contents: z.output<typeof Contents>): readonly ApiContent[] =>
  Object.entries(contents).map(([mediaType, { schema, example }]) => ({ mediaType, schema, example }));

const codesOf = ({ content }: z.output<typeof ErrorResponse>) => Object.keys(content["application/json"].examples);

/** Returns what stands under a name, or throws. */
function find<Value>(named: Readonly<Record<string, Value>>, { $ref }: z.output<typeof Reference>): Value {
  const value = named[$ref.split("/").at(-1) ?? ""];
  if (value === undefined) throw new Error(`the document has nothing at ${$ref}`);
  return value;
}

function toErrors({ components }: Document): ApiDocument["errors"] {
  const byStatus = Map.groupBy(Object.entries(components.responses), ([name]) => /\d{3}/.exec(name)?.[0] ?? "");
  return [...byStatus]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([status, responses]) => ({
      status,
      codes: [...new Set(responses.flatMap(([, response]) => codesOf(response)))].sort(),
      meaning: responses[0]?.[1].description ?? "",
    }));
}
