import type { Server, WebSocketHandler } from "bun";
import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { negotiateLocale } from "#base/i18n/translate.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { toAppError } from "#core/error-shape.ts";
import { eventBus } from "#core/events/events.ts";
import type { ConnectionList } from "#core/live/connection-list.ts";
import { createOriginCheck, originNotAllowed } from "#transport/http/check-origin.ts";
import { readClientIp } from "#transport/http/client-ip.ts";
import { encodeError } from "#transport/http/encode-answer.ts";
import { readReach } from "#transport/http/read-reach.ts";
import { requireServable } from "#transport/http/require-servable.ts";
import { answerCall } from "#transport/websocket/answer-call.ts";
import { EventHub } from "#transport/websocket/event-hub.ts";
import { encodeRefusal, FrameError, parseFrame } from "#transport/websocket/frames.ts";
import { MethodTable } from "#transport/websocket/method-table.ts";
import { CLOSE, type ConnectionFacts, SocketConnection } from "#transport/websocket/socket-connection.ts";
import type { SocketDependencies, SocketHandling } from "#transport/websocket/socket-dependencies.ts";

/** What Bun keeps with a socket. */
export interface SocketData {
  readonly facts: ConnectionFacts;
  /** The port of the client's end, which tells connections apart. */
  readonly port: number;
  /** Set when the socket opens. */
  connection?: SocketConnection;
}

/** The door for WebSockets: GoClaw's protocol v3. */
export interface SocketDoor extends ConnectionList {
  readonly handlers: WebSocketHandler<SocketData>;
  /** Returns whether a request is a handshake. */
  takes(request: Request): boolean;
  /** Answers a handshake. Returns undefined if the socket opens. */
  upgrade(request: Request, server: Server<SocketData>): Response | undefined;
  /** Returns the ports of the clients that are authenticated. */
  portsAtWork(): readonly number[];
  /** Tells all clients that this process stops. Calls in progress are still answered. */
  announceStop(): void;
  /** Closes all connections. */
  close(): void;
}

const CHECK_MS = SECOND;
const PUT_OUT: readonly number[] = [CLOSE.refused, CLOSE.tryAgainLater];
/** The URL of a request with a malformed host begins with its path. */
const PATH = /^(?:https?:\/\/[^/]*)?\/ws\/?(?:\?|$)/;

/** The names of the operations that the door itself calls. */
export interface DoorOperations {
  /** The one in whose name connections follow runs. */
  readonly follow: string;
  /** The public one that answers a call of `connect` without credentials. */
  readonly introduce: string;
}

/** Creates the door. */
export function createSocketDoor(dependencies: SocketDependencies, names: DoorOperations): SocketDoor {
  const { operations, methods, metrics, clock, services } = dependencies;
  const get = (name: string) => {
    const operation = operations.find((each) => each.name === name);
    if (!operation) throw new Error(`there is no operation ${name}`);
    return operation;
  };
  const follow = get(names.follow);
  const introduction = { operation: get(names.introduce) };
  const handling: SocketHandling = { ...dependencies, table: new MethodTable(operations, methods), introduction };
  const checkOrigin = createOriginCheck(dependencies.allowedOrigins);
  const open = new Map<SocketConnection, SocketData>();
  const hub = new EventHub(handling, follow, () => open.keys());
  let endListening: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const add = (connection: SocketConnection, data: SocketData) => {
    open.set(connection, data);
    metrics.sockets.set(open.size);
    endListening ??= hub.listen(services.use(eventBus));
    timer ??= setInterval(() => {
      for (const each of open.keys()) each.check();
    }, CHECK_MS).unref();
  };
  const remove = (connection: SocketConnection) => {
    open.delete(connection);
    metrics.sockets.set(open.size);
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    endListening?.();
    endListening = undefined;
  };

  return {
    takes: ({ headers, url }) => headers.has("upgrade") && PATH.test(url),
    list: (tenantId) =>
      [...open.keys()].filter(({ session }) => session?.principal.tenantId === tenantId).map(describe),
    upgrade(request, server) {
      const requestId = newId();
      const locale = negotiateLocale(request.headers.get("accept-language") ?? undefined);
      try {
        handling.admission.requireReady();
        requireServable(request, handling);
        const verdict = checkOrigin(request.headers);
        if (verdict?.isAllowed === false) throw originNotAllowed(verdict.origin);
        const peer = server.requestIP(request);
        const clientIp = readClientIp(request, () => peer?.address ?? "", handling.trustsProxy);
        const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
        const reach = { ...readReach(request.headers, verdict === undefined, handling) };
        const data = { facts: { clientIp, locale, bearer, reach }, port: peer?.port ?? 0 };
        if (server.upgrade(request, { data, headers: { "X-Request-Id": requestId } })) return undefined;
        throw new AppError("INVALID_REQUEST", "error.upgrade_required", {}, { status: 426 });
      } catch (thrown) {
        return encodeError(toAppError(thrown, requestId), locale, requestId, undefined, { "X-Request-Id": requestId });
      }
    },
    handlers: {
      maxPayloadLength: LIMITS.socketMessage,
      idleTimeout: LIMITS.socketSilence / SECOND,
      sendPings: true,
      perMessageDeflate: false,
      // The outbox bounds what waits for a client. Bun itself must drop nothing.
      backpressureLimit: LIMITS.socketBacklogMax * 2,
      open(socket) {
        const connection = new SocketConnection(socket, socket.data.facts, clock);
        socket.data.connection = connection;
        add(connection, socket.data);
      },
      message(socket, message) {
        const { connection } = socket.data;
        if (connection) receive(connection, message, handling);
      },
      drain: (socket) => socket.data.connection?.handleDrain(),
      close(socket, code, reason) {
        const { connection } = socket.data;
        if (!connection) return;
        // An operator wants to know why a client was put out, and not that one went.
        const level = PUT_OUT.includes(code) ? "info" : "debug";
        dependencies.logger[level]({ connection: connection.id, code, reason }, "a socket closed");
        remove(connection);
        connection.handleClose();
      },
    },
    portsAtWork: () => [...open].flatMap(([{ session }, { port }]) => (session ? [port] : [])),
    announceStop() {
      for (const { outbox } of open.keys()) outbox.sendEvent("shutdown", "null");
    },
    close() {
      for (const connection of open.keys()) connection.close(CLOSE.goingAway, "the gateway stops");
    },
  };
}

function receive(connection: SocketConnection, message: string | Uint8Array, handling: SocketHandling): void {
  try {
    const frame = parseFrame(message);
    if (frame.type === "cancel") connection.cancelCall(frame.id);
    else void answerCall(connection, frame, handling);
  } catch (thrown) {
    if (!(thrown instanceof FrameError)) throw thrown;
    connection.outbox.send(encodeRefusal(thrown.id, thrown.error, connection.locale, newId()));
  }
}

function describe({ id, facts, openedAt, session }: SocketConnection) {
  const { userId = "", role = "viewer" } = session?.principal ?? {};
  return { id, clientIp: facts.clientIp, userId, role, connectedAt: openedAt.toISOString() };
}
