import { AppError, type ErrorOptions } from "#base/errors.ts";
import type { Locale } from "#base/i18n/translate.ts";
import { isRecord, JsonDepthError, JsonSizeError, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { toErrorShape } from "#core/error-shape.ts";
import type { RpcParams } from "#core/live/rpc-method.ts";

// The frames of GoClaw's protocol v3. Each message is one JSON object.

/** The id of a call, as the client chose it. Its answer carries it unchanged. */
export type CallId = string | number;

/** A call of a method: `{"type":"req","id":…,"method":…,"params":{…}}`. */
export interface CallFrame {
  readonly type: "req";
  readonly id: CallId;
  readonly method: string;
  readonly params: RpcParams;
  /** Identifies the call for repeats, as the header `Idempotency-Key` does. */
  readonly idempotencyKey: string | undefined;
}

/** The client no longer wants the answer of a call: `{"type":"cancel","id":…}`. */
export interface CancelFrame {
  readonly type: "cancel";
  readonly id: CallId;
}

export type ClientFrame = CallFrame | CancelFrame;

/** Why a message is no frame, with the id of the call if it has one. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly id: CallId;
  readonly error: AppError;

  constructor(id: CallId, error: AppError) {
    super(error.message);
    this.id = id;
    this.error = error;
  }
}

/** Parses a message. Throws `FrameError`. */
export function parseFrame(message: string | Uint8Array): ClientFrame {
  if (typeof message !== "string") throw invalidFrame("", "binary messages are not understood");
  const frame = parseObject(message);
  const id = isCallId(frame.id) ? frame.id : "";
  if (frame.type !== "req" && frame.type !== "cancel") throw invalidFrame(id, 'its type is neither "req" nor "cancel"');
  if (id === "") throw invalidFrame(id, `its id is no number and no text of 1 to ${LIMITS.socketCallId} characters`);
  if (frame.type === "cancel") return { type: "cancel", id };
  const { method, params = {}, idempotencyKey: key } = frame;
  if (typeof method !== "string" || method === "") throw invalidFrame(id, "it names no method");
  if (params !== null && !isRecord(params)) throw invalidFrame(id, "its params are no object");
  const isKey = typeof key === "string" && key.length > 0 && key.length <= LIMITS.idempotencyKeyLength;
  if (key !== undefined && key !== null && !isKey) {
    throw invalidFrame(id, `its idempotencyKey is no text of 1 to ${LIMITS.idempotencyKeyLength} characters`);
  }
  return { type: "req", id, method, params: params ?? {}, idempotencyKey: isKey ? key : undefined };
}

function parseObject(message: string): Readonly<Record<string, unknown>> {
  let frame: unknown;
  try {
    frame = parseJson(message, { maxDepth: LIMITS.jsonDepth, maxValues: LIMITS.jsonValues });
  } catch (thrown) {
    if (thrown instanceof JsonDepthError) throw tooLarge("error.json_too_deep", LIMITS.jsonDepth);
    if (thrown instanceof JsonSizeError) throw tooLarge("error.json_too_many_values", LIMITS.jsonValues);
    throw invalidFrame("", "it is no JSON");
  }
  if (!isRecord(frame)) throw invalidFrame("", "it is no JSON object");
  return frame;
}

const isCallId = (id: unknown): id is CallId =>
  (typeof id === "string" && id.length <= LIMITS.socketCallId) || (typeof id === "number" && Number.isFinite(id));

const tooLarge = (key: "error.json_too_deep" | "error.json_too_many_values", max: number) =>
  new FrameError("", new AppError("INVALID_REQUEST", key, { max }));

const invalidFrame = (id: CallId, detail: string, options: ErrorOptions = { reason: "invalid_frame" }) =>
  new FrameError(id, new AppError("INVALID_REQUEST", "error.invalid_frame", { detail }, options));

/** Encodes the answer of a call. `payload` is JSON. */
export const encodeResult = (id: CallId, payload: string): string =>
  `{"type":"res","id":${JSON.stringify(id)},"ok":true,"payload":${payload}}`;

/** Encodes the refusal of a call, with the id under which the log tells more. */
export function encodeRefusal(id: CallId, thrown: unknown, locale: Locale, requestId: string): string {
  const { code, retryAfterMs, ...shape } = toErrorShape(thrown, locale, requestId);
  const error = {
    // The one code that exists on sockets alone: clients log out when they see it.
    code: shape.details?.reason === "tenant_access_revoked" ? "TENANT_ACCESS_REVOKED" : code,
    ...shape,
    ...(retryAfterMs > 0 && { retryAfterMs }),
  };
  return JSON.stringify({ type: "res", id, ok: false, error, requestId });
}

/** Encodes an event. `payload` is JSON. `seq` counts the events of the connection, without gaps. */
export const encodeEvent = (event: string, seq: number, payload: string): string =>
  `{"type":"event","event":${JSON.stringify(event)},"seq":${seq},"payload":${payload}}`;
