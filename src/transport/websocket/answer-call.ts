import { elapsedOf } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { statusOf, toAppError } from "#core/error-shape.ts";
import { execute } from "#core/execute.ts";
import type { RpcMethod, RpcParams } from "#core/live/rpc-method.ts";
import { EncodedReply, FileReply, isCarrier, Reply } from "#core/reply.ts";
import { connect, renewPrincipal } from "#transport/websocket/connect.ts";
import { type CallFrame, encodeRefusal, encodeResult } from "#transport/websocket/frames.ts";
import type { KnownMethod } from "#transport/websocket/method-table.ts";
import type { OpenCall, SocketConnection } from "#transport/websocket/socket-connection.ts";
import { buildSocketContext } from "#transport/websocket/socket-context.ts";
import type { SocketHandling } from "#transport/websocket/socket-dependencies.ts";

const CONNECT = "connect";

interface Call {
  readonly connection: SocketConnection;
  readonly frame: CallFrame;
  readonly requestId: string;
  /** What is to be done once the answer is sent. */
  readonly afterwards: (() => void)[];
}

/** Answers one call: exactly once, and with an error in the connection's language if it is refused. */
export async function answerCall(
  connection: SocketConnection,
  frame: CallFrame,
  handling: SocketHandling,
): Promise<void> {
  const { clock, logger, metrics } = handling;
  const startedAt = elapsedOf(clock);
  const call: Call = { connection, frame, requestId: newId(), afterwards: [] };
  const { requestId } = call;
  let open: OpenCall | undefined;
  let status = 200;
  let operation = "none";
  try {
    open = connection.beginCall(frame.id);
    // A client that does not read gets no further answers, so it cannot fill the memory with them.
    await connection.outbox.ready();
    const known = await findMethod(call, handling);
    operation = known.operation.name;
    const answer = encodeResult(frame.id, await callMethod(call, known, open, handling));
    if (!(await connection.outbox.sendAnswer(answer))) throw readsTooSlowly();
    for (const task of call.afterwards) task();
  } catch (thrown) {
    const error = toAppError(thrown, requestId);
    status = statusOf(error);
    if (error.cause !== undefined) {
      const level = error.code === "INTERNAL" ? "error" : status >= 500 ? "warn" : "debug";
      logger[level]({ requestId, operation, error: error.cause }, error.message);
    }
    connection.outbox.send(encodeRefusal(frame.id, error, connection.locale, requestId));
  } finally {
    if (open) connection.endCall(open);
  }
  const milliseconds = elapsedOf(clock) - startedAt;
  metrics.socketCalls.inc({ operation, status: String(status) });
  logger.info({ requestId, operation, method: "WS", status, milliseconds }, "request");
}

/** Returns what a call means. Performs the handshake if it is one. Throws for what the caller may not name. */
async function findMethod({ connection, frame }: Call, handling: SocketHandling): Promise<KnownMethod> {
  if (frame.method === CONNECT) {
    const handshake = connection.handshake.then(() => connect(connection, frame, handling));
    connection.handshake = handshake.catch(() => {});
    if (!(await handshake)) return handling.introduction;
  } else await connection.handshake;
  const known = handling.table.find(frame.method, connection.session?.dialect ?? "goclaw");
  if (!connection.session && known?.operation.access !== "public") {
    throw new AppError("UNAUTHORIZED", "error.connect_first", {}, { reason: "not_connected" });
  }
  if (!known) throw new AppError("INVALID_REQUEST", "error.unknown_method", { method: frame.method.slice(0, 100) });
  return known;
}

/** Runs the operation of a call. Returns the payload of its answer as JSON. */
async function callMethod(
  { connection, frame, requestId, afterwards }: Call,
  { operation, method }: KnownMethod,
  { stop }: OpenCall,
  handling: SocketHandling,
): Promise<string> {
  const { params, idempotencyKey } = frame;
  requireJson(operation, params);
  await renewPrincipal(connection, handling);
  const endTurn = await takeTurn(connection, operation);
  const afterAnswer = (task: () => void) => void afterwards.push(task);
  const call = { operation, requestId, idempotencyKey, cancelled: stop.signal, onInputStored: endTurn, afterAnswer };
  const ctx = buildSocketContext(connection, call, handling);
  try {
    await handling.admission.admit(ctx, operation);
    const input = method?.toInput ? await method.toInput(params, ctx) : params;
    const { value } = await execute(operation, ctx, input);
    return await toPayload(value, params, ctx, method);
  } catch (thrown) {
    const known = thrown instanceof AppError && (await method?.onRefusal?.(thrown, params, ctx));
    if (!known) throw thrown;
    return JSON.stringify(known);
  } finally {
    endTurn();
  }
}

type Operation = KnownMethod["operation"];

/** Calls that change something keep their order within their family. Calls that read wait for nobody. */
async function takeTurn(connection: SocketConnection, { access, name }: Operation): Promise<() => void> {
  if (access === "public" || access.scope === "read") return () => {};
  return connection.takeTurn(name.slice(0, name.indexOf(".")));
}

async function toPayload(
  value: unknown,
  params: RpcParams,
  ctx: Context,
  method: RpcMethod | undefined,
): Promise<string> {
  if (isCarrier(value)) {
    if (value instanceof FileReply) await value.content.close();
    throw httpOnly(ctx.operation);
  }
  if (value instanceof EncodedReply && !method?.toPayload) return value.text;
  const answer = value instanceof Reply ? value.value : value instanceof EncodedReply ? JSON.parse(value.text) : value;
  return JSON.stringify(method?.toPayload ? await method.toPayload(answer as never, params, ctx) : answer);
}

/** Throws for calls whose input or answer is more than JSON, before they have an effect. */
function requireJson(operation: Operation, params: RpcParams): void {
  const { body, answers, setsCookie } = operation;
  const takesBytes = body?.kind === "multipart" || body?.kind === "bytes";
  if (setsCookie || takesBytes || answers?.bytes || (answers?.stream && params.stream === true))
    throw httpOnly(operation);
}

const readsTooSlowly = () =>
  new AppError("RESOURCE_EXHAUSTED", "error.reads_too_slowly", {}, { reason: "slow_reader", retryAfterMs: 1_000 });

const httpOnly = ({ name, http }: Operation) =>
  new AppError(
    "INVALID_REQUEST",
    "error.http_only",
    { operation: name, route: http ? `${http.method} ${http.path}` : "" },
    { reason: "http_only" },
  );
