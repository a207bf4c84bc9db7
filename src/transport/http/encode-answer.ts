import type { Locale } from "#base/i18n/translate.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import type { Outcome } from "#core/idempotency/idempotently.ts";
import type { AnyOperation, HttpOperation } from "#core/operation.ts";
import { BytesReply, Reply, StreamReply } from "#core/reply.ts";
import type { ToEventStream } from "#transport/http/event-stream.ts";
import { toHeaderText } from "#transport/http/header-text.ts";
import type { HeaderFields } from "#transport/http/http-dependencies.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** Encodes the result of an operation as its HTTP response. `common` holds the headers of every response. */
export function encodeAnswer(
  operation: HttpOperation,
  { value, isReplay }: Outcome,
  toEventStream: ToEventStream,
  common: HeaderFields,
): Response {
  const always = isReplay ? { ...common, "Idempotency-Replayed": "true" } : common;
  if (value instanceof StreamReply) {
    const headers = {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache",
      "X-Accel-Buffering": "no",
      ...toWireHeaders(value.headers),
      ...always,
    };
    return new Response(toEventStream(value.frames), { headers });
  }
  if (value instanceof BytesReply) {
    return new Response(value.body, {
      headers: { "Content-Type": value.mediaType, ...toWireHeaders(value.headers), ...always },
    });
  }
  const reply = value instanceof Reply ? value : new Reply(value, {});
  return new Response(JSON.stringify(reply.value), {
    status: operation.http.status ?? 200,
    headers: { "Content-Type": JSON_TYPE, ...toWireHeaders(reply.headers), ...always },
  });
}

/** Encodes the values of the gateway's own headers, which may hold a user's name. */
const toWireHeaders = (headers: HeaderFields): HeaderFields =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, name.startsWith("X-GoClaw-") ? toHeaderText(value) : value]),
  );

/**
 * Encodes an error as an error envelope. Adds `WWW-Authenticate` to 401, and `Retry-After` if the error has a delay.
 */
export function encodeError(
  thrown: unknown,
  locale: Locale,
  requestId: string,
  style: AnyOperation["errorStyle"],
  headers: HeaderFields,
): Response {
  const error = toAppError(thrown, requestId);
  const status = statusOf(error);
  const shape = toErrorShape(error, locale, requestId);
  const body = style === "openai" ? toOpenAiErrorShape(shape, status) : shape;
  return new Response(JSON.stringify({ error: body }), {
    status,
    headers: {
      "Content-Type": JSON_TYPE,
      ...(status === 401 && { "WWW-Authenticate": "Bearer" }),
      ...(shape.retryAfterMs > 0 && { "Retry-After": String(Math.ceil(shape.retryAfterMs / 1_000)) }),
      ...headers,
    },
  });
}
