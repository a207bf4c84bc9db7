import { SECOND } from "#base/clock.ts";
import type { Locale } from "#base/i18n/translate.ts";
import { LIMITS } from "#base/limits.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import type { Outcome } from "#core/idempotency/idempotently.ts";
import type { AnyOperation, HttpOperation } from "#core/operation.ts";
import { BytesReply, EncodedReply, PiecesReply, Reply, StreamReply } from "#core/reply.ts";
import type { ToAnswerStream } from "#transport/http/answer-stream.ts";
import { toHeaderText } from "#transport/http/header-text.ts";
import type { Connection, HeaderFields } from "#transport/http/http-dependencies.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** Where an answer goes. */
export interface AnswerRoute {
  /** The headers of every response. */
  readonly common: HeaderFields;
  readonly toAnswerStream: ToAnswerStream;
  readonly connection: Connection;
  /** Called when a stream of events ends, for whatever reason. */
  readonly onStreamEnd: () => void;
}

const ENCODER = new TextEncoder();
const HEARTBEAT = ENCODER.encode(": ping\n\n");
/** A larger body is sent in pieces of this size, so that a client may read it slowly but may not stop. */
const PIECE_BYTES = 64 * 1_024;

/** Encodes the result of an operation as its HTTP response. */
export function encodeAnswer(operation: HttpOperation, { value, isReplay }: Outcome, route: AnswerRoute): Response {
  const { common, toAnswerStream, connection, onStreamEnd: onEnd } = route;
  const always = isReplay ? { ...common, "Idempotency-Replayed": "true" } : common;
  if (value instanceof StreamReply) {
    const headers = {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache",
      "X-Accel-Buffering": "no",
      ...toWireHeaders(value.headers),
      ...always,
    };
    const stream = toAnswerStream({ pieces: value.frames, connection, heartbeat: HEARTBEAT, onEnd });
    return new Response(stream, { headers });
  }
  if (value instanceof BytesReply) {
    connection.limitSilence(LIMITS.readerStall / SECOND);
    return new Response(value.body, {
      headers: { "Content-Type": value.mediaType, ...toWireHeaders(value.headers), ...always },
    });
  }
  if (value instanceof PiecesReply) {
    const headers = { "Content-Type": value.mediaType, ...toWireHeaders(value.headers), ...always };
    return new Response(toAnswerStream({ pieces: value.pieces, connection, onEnd }), { headers });
  }
  if (value instanceof EncodedReply) {
    const { status = 200 } = operation.http;
    return new Response(toBody(value.text, route), { status, headers: { "Content-Type": JSON_TYPE, ...always } });
  }
  const reply = value instanceof Reply ? value : new Reply(value, {});
  const status = reply.status ?? operation.http.status ?? 200;
  const headers = { "Content-Type": JSON_TYPE, ...toWireHeaders(reply.headers), ...always };
  return new Response(toBody(JSON.stringify(reply.value), route), { status, headers });
}

function toBody(text: string, { toAnswerStream, connection }: AnswerRoute): string | ReadableStream<Uint8Array> {
  if (text.length > PIECE_BYTES) return toAnswerStream({ pieces: cut(ENCODER.encode(text)), connection });
  connection.limitSilence(LIMITS.readerStall / SECOND);
  return text;
}

async function* cut(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
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
