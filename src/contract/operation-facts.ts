import { pathParameters } from "#core/assert-operations.ts";
import type { AnyOperation, HttpRoute } from "#core/operation.ts";

/** How the body of an operation's request is carried. */
export function bodyKindOf({ http, body }: AnyOperation): "json" | "multipart" | "bytes" | "none" {
  if (http.method === "GET" || http.method === "DELETE") return "none";
  return body?.kind ?? "json";
}

export const takesIdempotencyKey = ({ http }: AnyOperation): boolean => http.method === "POST";

/** The input fields that a body carries; the others are in the path or the query. */
export function bodyFieldsOf(operation: AnyOperation, { path }: HttpRoute): readonly string[] {
  const kind = bodyKindOf(operation);
  if (kind === "none") return [];
  if (kind === "bytes") return ["body"];
  const inPath = pathParameters(path);
  return Object.keys(operation.input.shape).filter((name) => !inPath.includes(name));
}

export const hasBody = (operation: AnyOperation): boolean => bodyFieldsOf(operation, operation.http).length > 0;
