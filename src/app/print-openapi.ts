import { createOperations } from "#app/create-operations.ts";
import { VERSION } from "#app/version.ts";
import { toOpenApi } from "#contract/to-openapi.ts";

/** Prints the OpenAPI document as JSON. Needs no home and starts nothing. */
export function printOpenApi(): void {
  const document = toOpenApi(createOperations({ docs_auth: false }), VERSION);
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
