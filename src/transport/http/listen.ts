import type { Server } from "bun";
import type { HttpHandler } from "#transport/http/create-http-handler.ts";
import { limitStrangers } from "#transport/http/stranger-connections.ts";
import type { SocketData, SocketDoor } from "#transport/websocket/socket-door.ts";

/** The server checks every few seconds, so that a request has at most half a minute. */
const SECONDS_TO_SEND_A_REQUEST = 20;
/** Larger than the body limit of every operation, so the gateway itself answers a body that is too large. */
const MAX_REQUEST_BYTES = 128 * 1_024 * 1_024;

export interface ListenOptions {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** True if connections of strangers may take only a share of the process's descriptors. */
  readonly limitsStrangers?: boolean;
  readonly sockets?: SocketDoor;
}

export type HttpServer = Server<SocketData>;

/** Serves HTTP. Throws an error with the code `EADDRINUSE` if the port is taken. */
export function listen(handler: HttpHandler, { host, port, limitsStrangers, sockets }: ListenOptions): HttpServer {
  const atWork = new Set<Request>();
  const server: HttpServer = Bun.serve<SocketData>({
    hostname: host,
    port,
    idleTimeout: SECONDS_TO_SEND_A_REQUEST,
    maxRequestBodySize: MAX_REQUEST_BYTES,
    development: false,
    // Bun shares a port by default in production. Two gateways would then answer from two databases in turn.
    reusePort: false,
    websocket: sockets?.handlers ?? { message() {} },
    fetch(request, server) {
      if (sockets?.takes(request)) return sockets.upgrade(request, server);
      return handler(request, {
        socketAddress: () => server.requestIP(request)?.address ?? "",
        limitSilence(seconds) {
          if (seconds > 0) atWork.delete(request);
          server.timeout(request, seconds);
        },
        markAtWork: () => atWork.add(request),
      });
    },
  });
  if (limitsStrangers) {
    limitStrangers({
      port: server.port,
      portsAtWork: () =>
        new Set([
          ...[...atWork].map((request) => server.requestIP(request)?.port ?? 0),
          ...(sockets?.portsAtWork() ?? []),
        ]),
      closeIdleConnections: () => server.closeIdleConnections(),
    });
  }
  return server;
}
