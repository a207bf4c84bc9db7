import type { Server } from "bun";
import type { HttpHandler } from "#transport/http/create-http-handler.ts";

/** The server checks every few seconds, so that a request has at most half a minute. */
const SECONDS_TO_SEND_A_REQUEST = 20;
/** Larger than the body limit of every operation, so the gateway itself answers a body that is too large. */
const MAX_REQUEST_BYTES = 128 * 1_024 * 1_024;

export interface ListenOptions {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
}

export type HttpServer = Server<undefined>;

/** Serves HTTP. Throws an error with the code `EADDRINUSE` if the port is taken. */
export function listen(handler: HttpHandler, { host, port }: ListenOptions): HttpServer {
  return Bun.serve({
    hostname: host,
    port,
    idleTimeout: SECONDS_TO_SEND_A_REQUEST,
    maxRequestBodySize: MAX_REQUEST_BYTES,
    development: false,
    // Bun shares a port by default in production. Two gateways would then answer from two databases in turn.
    reusePort: false,
    fetch(request, server) {
      return handler(request, {
        socketAddress: () => server.requestIP(request)?.address ?? "",
        limitSilence: (seconds) => server.timeout(request, seconds),
      });
    },
  });
}
