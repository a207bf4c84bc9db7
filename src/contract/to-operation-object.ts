import type { JsonObject } from "#base/json.ts";
import { type ErrorResponses, errorsOf } from "#contract/error-responses.ts";
import type { SchemaCollector } from "#contract/schema-collector.ts";
import { toParameters } from "#contract/to-parameters.ts";
import { toRequestBody } from "#contract/to-request-body.ts";
import { toSuccessResponse } from "#contract/to-success-response.ts";
import type { HttpOperation, HttpRoute } from "#core/operation.ts";
import { tagOf } from "#core/tags.ts";

/** The components that are collected while operations are converted. */
export interface Components {
  readonly schemas: SchemaCollector;
  readonly errors: ErrorResponses;
}

/** Converts one route of an operation, its own or an alias, to an OpenAPI operation object. */
export function toOperationObject(
  operation: HttpOperation,
  route: HttpRoute,
  { schemas, errors }: Components,
): JsonObject {
  const { name, access, summary, description } = operation;
  const isAlias = route.path !== operation.http.path || route.method !== operation.http.method;
  const requestBody = toRequestBody(operation, route, schemas);
  return {
    operationId: isAlias ? aliasId(name, route) : name,
    ...(isAlias && { "x-alias-of": name }),
    tags: [tagOf(name).name],
    summary,
    description,
    ...(access === "public" && { security: [] }),
    parameters: toParameters(operation, route, schemas.describeInput(operation.input).fields),
    ...(requestBody && { requestBody }),
    responses: { ...toSuccessResponse(operation, schemas), ...errors.referTo(operation) },
    "x-access": access === "public" ? "public" : { role: access.role, scope: access.scope, tenant: access.tenant },
    "x-codes": [...new Set(errorsOf(operation).map(({ code }) => code))],
  };
}

// The id depends only on the route, so that adding or removing other aliases does not change it.
const aliasId = (name: string, { method, path }: HttpRoute) =>
  `${name}.${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "")}`;
