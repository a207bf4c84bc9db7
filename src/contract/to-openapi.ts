import type { JsonObject } from "#base/json.ts";
import { ErrorResponses } from "#contract/error-responses.ts";
import { SchemaCollector } from "#contract/schema-collector.ts";
import { toOperationObject } from "#contract/to-operation-object.ts";
import { HEADER_PARAMETERS } from "#contract/to-parameters.ts";
import { HEADERS } from "#contract/to-success-response.ts";
import { routesOf } from "#core/assert-operations.ts";
import { type AnyOperation, type HttpRoute, isHttpOperation } from "#core/operation.ts";
import { tagOf } from "#core/tags.ts";

const DESCRIPTION = `A multi-tenant gateway for AI agents.

Send \`Authorization: Bearer <token>\` with the gateway token or an API key. Every error has the same envelope; a wrong
method on a known path is 405 with \`Allow\`. Unknown fields of a request are ignored, and answers may gain fields.`;

const BEARER = {
  type: "http",
  scheme: "bearer",
  description:
    "The gateway token, or an API key (`goclaw_` and 32 hex characters). A paired browser sends its id in the header " +
    "`X-GoClaw-Sender-Id` instead.",
} as const;

/** A path with a slash at its end leads to the same as the path without. The root has nothing else. */
const isListed = ({ path }: HttpRoute): boolean => path === "/" || !path.endsWith("/");

/** Returns the OpenAPI 3.1 document of the operations. The same operations always give the same document. */
export function toOpenApi(operations: readonly AnyOperation[], version: string): JsonObject {
  const schemas = new SchemaCollector();
  const errors = new ErrorResponses(schemas);
  const paths = new Map<string, JsonObject>();
  for (const operation of operations.filter(isHttpOperation)) {
    for (const route of routesOf(operation).filter(isListed)) {
      const path = route.path.replaceAll("...}", "}");
      const item = toOperationObject(operation, route, { schemas, errors });
      paths.set(path, { ...paths.get(path), [route.method.toLowerCase()]: item });
    }
  }
  const { document, components } = schemas.resolve({
    paths: Object.fromEntries(paths),
    responses: errors.components,
  });
  return {
    openapi: "3.1.1",
    info: {
      title: "GoClaw",
      version,
      description: DESCRIPTION,
      contact: { name: "The operators of this gateway" },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This gateway" }],
    tags: [...new Set(operations.filter(isHttpOperation).map(({ name }) => tagOf(name)))].map((tag) => ({ ...tag })),
    security: [{ bearer: [] }],
    paths: document.paths ?? {},
    components: {
      securitySchemes: { bearer: BEARER },
      schemas: components,
      responses: document.responses ?? {},
      parameters: HEADER_PARAMETERS,
      headers: HEADERS,
    },
  };
}
