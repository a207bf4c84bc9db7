import { pathParameters } from "#core/assert-operations.ts";
import type { AnyOperation, HttpOperation, HttpRoute } from "#core/operation.ts";

/** Returns the encoding of an operation's request body. */
export function bodyKindOf({ http, body }: HttpOperation): "json" | "multipart" | "bytes" | "none" {
  if (http.method === "GET" || http.method === "DELETE") return "none";
  return body?.kind ?? "json";
}

export const takesIdempotencyKey = ({ runsOnce }: AnyOperation): boolean => runsOnce === true;

/** Returns the input fields that the body carries. All others are in the path or the query. */
export function bodyFieldsOf(operation: HttpOperation, { path }: HttpRoute): readonly string[] {
  const kind = bodyKindOf(operation);
  if (kind === "none") return [];
  if (kind === "bytes") return ["body"];
  const inPath = pathParameters(path);
  return Object.keys(operation.input.shape).filter((name) => !inPath.includes(name));
}

export const hasBody = (operation: HttpOperation): boolean => bodyFieldsOf(operation, operation.http).length > 0;
