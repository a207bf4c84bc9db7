import type { JsonObject, JsonValue } from "#base/json.ts";
import { takesIdempotencyKey } from "#contract/operation-facts.ts";
import type { SchemaCollector } from "#contract/schema-collector.ts";
import type { HttpOperation } from "#core/operation.ts";

const DESCRIPTIONS = { 200: "Success", 201: "Created", 202: "Accepted; it goes on in the background" } as const;

/** The response headers, as reusable components. */
export const HEADERS: JsonObject = {
  RequestId: header("The id of the request, as it stands in the gateway's log."),
  RetryAfter: header("Seconds to wait before trying again.", "integer"),
  WwwAuthenticate: header("`Bearer`"),
  IdempotencyReplayed: header("`true` when the answer repeats that of an earlier request with the same key."),
};

/** Returns the success responses of an operation. They are JSON, JSON or an event stream, or bytes. */
export function toSuccessResponse(operation: HttpOperation, schemas: SchemaCollector): JsonObject {
  const { answers, http } = operation;
  const status = http.status ?? 200;
  const stream = answers?.stream;
  const response = {
    description: `${DESCRIPTIONS[status]}${stream ? `. As a stream: ${stream.description}` : ""}`,
    headers: {
      "X-Request-Id": { $ref: "#/components/headers/RequestId" },
      ...(takesIdempotencyKey(operation) && {
        "Idempotency-Replayed": { $ref: "#/components/headers/IdempotencyReplayed" },
      }),
    },
    content: answers?.bytes ? toBytesContent(answers.bytes.mediaType) : toJsonContent(operation, schemas),
  };
  const { unchangedStatus } = http;
  if (unchangedStatus === undefined) return { [status]: response };
  return { [status]: response, [unchangedStatus]: { ...response, description: "Nothing changed" } };
}

function toJsonContent({ output, example, answers }: HttpOperation, schemas: SchemaCollector): JsonObject {
  return {
    "application/json": {
      schema: schemas.toSchema(output, "output"),
      ...(example?.output !== undefined && { example: example.output as JsonValue }),
    },
    ...(answers?.stream && {
      "text/event-stream": { schema: schemas.toSchema(answers.stream.schema, "output") },
    }),
  };
}

const toBytesContent = (mediaType: string): JsonObject => ({
  [mediaType]: mediaType.startsWith("text/") ? { schema: { type: "string" } } : {},
});

function header(description: string, type = "string"): JsonObject {
  return { description, schema: { type } };
}
