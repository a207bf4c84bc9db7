import type { JsonObject } from "#base/json.ts";
import { isJsonObject } from "#base/json.ts";
import { toTypeName, toTypeText } from "#contract/client/to-type-text.ts";
import { SchemaCollector } from "#contract/schema-collector.ts";
import type { AnyOperation, HttpOperation } from "#core/operation.ts";
import { isHttpOperation } from "#core/operation.ts";

const HEAD = "// Made from the operations of the gateway by `npm run reference`.";

/** Writes the module with the types of all operations and the routes of those that HTTP serves. */
export function toClientTypes(operations: readonly AnyOperation[]): string {
  const schemas = new SchemaCollector();
  const described = operations.map((operation) => ({
    operation,
    input: schemas.toSchema(operation.input, "input"),
    output: schemas.toSchema(operation.output, "output"),
  }));
  const { document, components } = schemas.resolve({
    types: Object.fromEntries(described.map(({ operation, input, output }) => [operation.name, { input, output }])),
  });
  const types = document.types as JsonObject;
  const lines = Object.entries(components).map(
    ([name, schema]) => `export type ${toTypeName(name)} = ${toTypeText(schema)};`,
  );
  const entries = operations.map((operation) => {
    const type = types[operation.name];
    const { input, output } = isJsonObject(type) ? type : {};
    const doc = `/** ${operation.summary}. ${operation.description.replaceAll("*/", "* /")} */`;
    return `  ${doc}\n  ${JSON.stringify(operation.name)}: { input: ${toTypeText(input)}; output: ${toOutput(operation, toTypeText(output))} };`;
  });
  const routes = operations.filter(isHttpOperation).map(toRoute);
  return [
    HEAD,
    "/* biome-ignore-all format: generated */",
    ...lines,
    "",
    "/** Every operation: what it takes and what it answers. */",
    "export interface Operations {",
    ...entries,
    "}",
    "",
    "/** Where HTTP serves an operation, and how its input is sent. */",
    "export const ROUTES = {",
    ...routes,
    "} as const;",
    "",
  ].join("\n");
}

/** Bytes are no JSON. The client hands out the response instead. */
const toOutput = ({ answers }: AnyOperation, type: string) => (answers?.bytes ? "Blob" : type);

function toRoute({ name, http, body, answers }: HttpOperation): string {
  const kind = answers?.bytes ? ', answer: "bytes"' : "";
  const sent = body?.kind && body.kind !== "json" ? `, body: ${JSON.stringify(body.kind)}` : "";
  return `  ${JSON.stringify(name)}: { method: ${JSON.stringify(http.method)}, path: ${JSON.stringify(http.path)}${sent}${kind} },`;
}
