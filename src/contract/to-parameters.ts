import type { JsonObject, JsonValue } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { bodyFieldsOf, takesIdempotencyKey } from "#contract/operation-facts.ts";
import { pathParameters } from "#core/assert-operations.ts";
import type { HttpOperation, HttpRoute } from "#core/operation.ts";

/** The request headers that many operations read, as reusable parameters. */
export const HEADER_PARAMETERS = {
  UserId: header("X-GoClaw-User-Id", "The user on whose behalf the call is made. A key bound to a user ignores it.", {
    maxLength: LIMITS.userIdBytes,
  }),
  TenantId: header(
    "X-GoClaw-Tenant-Id",
    "The id or slug of the tenant to act in, for the gateway token and keys of the system. A tenant's key ignores it.",
  ),
  AgentId: header("X-GoClaw-Agent-Id", "The id or key of the agent, where the request names none."),
  SessionKey: header("X-GoClaw-Session-Key", "The session to continue, or to begin under this key."),
  Events: header(
    "X-GoClaw-Events",
    "What an answer shows: `reasoning` besides the text; of /v1/responses also `goclaw`, `openai` or `both`.",
  ),
  AcceptLanguage: header("Accept-Language", "The language of error messages: en, vi or zh."),
  IdempotencyKey: header(
    "Idempotency-Key",
    "Makes a repetition of the request safe: it gets the recorded answer, and the effect takes place once.",
    { minLength: 1, maxLength: LIMITS.idempotencyKeyLength },
  ),
  RequestId: header("X-Request-Id", "An id for the request, repeated in the answer and in the gateway's log.", {
    pattern: "^[A-Za-z0-9_.-]{1,64}$",
  }),
} as const satisfies Record<string, JsonObject>;

type HeaderName = keyof typeof HEADER_PARAMETERS;

/** Returns the path, query and header parameters of one route. `input` is the JSON schema of the operation's input. */
export function toParameters(operation: HttpOperation, route: HttpRoute, input: JsonObject): readonly JsonObject[] {
  const inPath = pathParameters(route.path);
  const inBody = bodyFieldsOf(operation, route);
  const inQuery = Object.keys(operation.input.shape).filter((name) => !inPath.includes(name) && !inBody.includes(name));
  const properties = (input.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = (input.required ?? []) as readonly string[];

  const toParameter = (place: "path" | "query") => (name: string) => {
    const { description, ...schema } = properties[name] ?? {};
    const example = exampleOf(operation, name);
    return {
      name,
      in: place,
      ...(description !== undefined && { description }),
      required: place === "path" || required.includes(name),
      schema,
      ...(example !== undefined && { example }),
    };
  };
  return [
    ...inPath.map(toParameter("path")),
    ...inQuery.map(toParameter("query")),
    ...headersOf(operation).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

function headersOf(operation: HttpOperation): readonly HeaderName[] {
  const { access, input } = operation;
  const isGuarded = access !== "public";
  const isRun = isGuarded && access.rate === "run";
  const takesAgent = isRun || "agent_id" in input.shape;
  return [
    ...(isGuarded ? (["UserId", "TenantId"] as const) : []),
    ...(isGuarded && takesAgent ? (["AgentId"] as const) : []),
    ...(isRun ? (["SessionKey"] as const) : []),
    ...(operation.errorStyle === "openai" && isRun ? (["Events"] as const) : []),
    ...(takesIdempotencyKey(operation) ? (["IdempotencyKey"] as const) : []),
    "AcceptLanguage",
    "RequestId",
  ];
}

function exampleOf({ example }: HttpOperation, name: string): JsonValue | undefined {
  return (example?.input as JsonObject | undefined)?.[name];
}

function header(name: string, description: string, schema: JsonObject = {}): JsonObject {
  return { name, in: "header", description, required: false, schema: { type: "string", ...schema } };
}
