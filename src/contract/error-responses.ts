import {
  AppError,
  alreadyExists,
  ERROR_CODES,
  type ErrorCode,
  failedPrecondition,
  notFound,
  permissionDenied,
  required,
  unauthorized,
} from "#base/errors.ts";
import type { JsonObject } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { ErrorEnvelope, OpenAiErrorEnvelope } from "#contract/error-schemas.ts";
import { hasBody, takesIdempotencyKey } from "#contract/operation-facts.ts";
import type { SchemaCollector } from "#contract/schema-collector.ts";
import { rateLimited } from "#core/access/rate-limiter.ts";
import { statusOf, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import type { HttpOperation } from "#core/operation.ts";

const REQUEST_ID = "0193a5b0-7000-7000-8000-0000000000ff";

/** The typical error of each code, shown as its example. */
const EXAMPLES: Record<ErrorCode, AppError> = {
  UNAUTHORIZED: unauthorized(),
  INVALID_REQUEST: required("name"),
  NOT_FOUND: notFound("agent", "support"),
  ALREADY_EXISTS: alreadyExists("agent", "support"),
  UNAVAILABLE: new AppError("UNAVAILABLE", "error.database_unavailable", {}),
  RESOURCE_EXHAUSTED: rateLimited(),
  FAILED_PRECONDITION: failedPrecondition("error.idempotency_conflict", {}, "idempotency_conflict"),
  AGENT_TIMEOUT: new AppError("AGENT_TIMEOUT", "error.run_timeout", { seconds: LIMITS.runWallTime / 1_000 }),
  INTERNAL: new AppError("INTERNAL", "error.internal", { requestId: REQUEST_ID }),
};

const FORBIDDEN = permissionDenied("agents.create requires the write scope");
const TOO_LARGE = new AppError("INVALID_REQUEST", "error.body_too_large", { max: LIMITS.jsonBody }, { status: 413 });
const WRONG_TYPE = new AppError(
  "INVALID_REQUEST",
  "error.unsupported_media_type",
  { expected: "application/json" },
  { status: 415 },
);

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "The request is malformed or has invalid fields",
  401: "No bearer token, or one that is unknown, revoked or expired",
  403: "The caller is known but may not do this",
  404: "What the path, or the tenant header, names does not exist for this caller",
  409: "The state of things does not allow it",
  413: "The body is too large",
  415: "The body has another media type, or is compressed",
  429: "Too many requests",
  500: "Something went wrong in the gateway",
  503: "The gateway, or what it depends on, is not available right now",
  504: "It took too long",
};

/** Returns every error an operation may respond with: its own and those that all operations with its access share. */
export function errorsOf(operation: HttpOperation): readonly AppError[] {
  const { access } = operation;
  const shared: ErrorCode[] = ["INVALID_REQUEST", "INTERNAL"];
  const guarded: ErrorCode[] = ["UNAUTHORIZED", "NOT_FOUND", "UNAVAILABLE"];
  const codes = new Set<ErrorCode>([
    ...shared,
    ...(access === "public" ? [] : guarded),
    ...(access === "public" || access.rate === "none" ? [] : (["RESOURCE_EXHAUSTED"] as const)),
    ...(takesIdempotencyKey(operation) ? (["FAILED_PRECONDITION"] as const) : []),
    ...(operation.errors ?? []),
  ]);
  const known = Object.keys(ERROR_CODES) as ErrorCode[];
  return [
    ...known.filter((code) => codes.has(code)).map((code) => EXAMPLES[code]),
    ...(access === "public" ? [] : [FORBIDDEN]),
    ...(hasBody(operation) ? [TOO_LARGE, WRONG_TYPE] : []),
  ];
}

/** Collects the error responses of operations as shared components. */
export class ErrorResponses {
  readonly #schemas: SchemaCollector;
  readonly #responses = new Map<string, JsonObject>();

  constructor(schemas: SchemaCollector) {
    this.#schemas = schemas;
  }

  /** Returns references to the error responses of an operation, keyed by status. */
  referTo(operation: HttpOperation): JsonObject {
    const byStatus = Map.groupBy(errorsOf(operation), statusOf);
    const entries = [...byStatus].sort(([a], [b]) => a - b);
    return Object.fromEntries(
      entries.map(([status, errors]) => [status, { $ref: this.#component(operation.errorStyle, status, errors) }]),
    );
  }

  get components(): JsonObject {
    return Object.fromEntries([...this.#responses].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #component(style: HttpOperation["errorStyle"], status: number, errors: readonly AppError[]): string {
    const codes = errors.map(({ code }) => code);
    const name = `${style === "openai" ? "OpenAi" : ""}Error${[status, ...codes].join(".")}`;
    if (!this.#responses.has(name)) this.#responses.set(name, this.#toResponse(style, status, errors));
    return `#/components/responses/${name}`;
  }

  #toResponse(style: HttpOperation["errorStyle"], status: number, errors: readonly AppError[]): JsonObject {
    const schema = this.#schemas.toSchema(style === "openai" ? OpenAiErrorEnvelope : ErrorEnvelope, "output");
    const toExample = (error: AppError) => {
      const shape = toErrorShape(error, "en", REQUEST_ID);
      return { value: { error: style === "openai" ? toOpenAiErrorShape(shape, status) : shape } };
    };
    const examples = Object.fromEntries(errors.map((error) => [error.code, toExample(error)]));
    return JSON.parse(
      JSON.stringify({
        description: DESCRIPTIONS[status] ?? "An error",
        headers: { "X-Request-Id": header("RequestId"), ...headersOf(status, errors) },
        content: { "application/json": { schema, examples } },
      }),
    );
  }
}

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

const headersOf = (status: number, errors: readonly AppError[]) => ({
  ...(status === 401 && { "WWW-Authenticate": header("WwwAuthenticate") }),
  ...(errors.some(({ code }) => ERROR_CODES[code].retryAfterMs > 0) && { "Retry-After": header("RetryAfter") }),
});
