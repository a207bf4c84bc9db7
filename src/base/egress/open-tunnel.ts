import http from "node:http";
import { isIP, type Socket } from "node:net";
import { EgressError } from "#base/egress/egress-error.ts";
import type { Lifeline } from "#base/egress/lifeline.ts";

export interface TunnelOptions {
  /** The operator's proxy. A user and password in the URL become its credentials. */
  readonly proxy: URL;
  /** A checked address. The proxy must not resolve names, because it could find another address. */
  readonly address: string;
  readonly port: number;
  readonly lifeline: Lifeline;
  readonly connectMs: number;
}

/** Opens a connection to one address through an HTTP proxy (CONNECT, RFC 9110, 9.3.6). Rejects with `EgressError`. */
export function openTunnel({ proxy, address, port, lifeline, connectMs }: TunnelOptions): Promise<Socket> {
  const authority = `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const connecting = http.request({
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || 80,
    method: "CONNECT",
    path: authority,
    agent: false,
    headers: {
      host: authority,
      ...(proxy.username !== "" && {
        "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}`,
      }),
    },
  });
  const onEnd = () => connecting.destroy(lifeline.explain(undefined));
  lifeline.watch(onEnd);
  lifeline.expectWithin(connectMs);
  connecting.once("connect", ({ statusCode }, socket) => {
    if (statusCode === 200) return resolve(socket as Socket);
    socket.destroy();
    reject(new EgressError("connect"));
  });
  connecting.once("response", () => reject(new EgressError("connect")));
  connecting.once("error", (error) => reject(lifeline.explain(error)));
  connecting.end();
  return promise.finally(() => lifeline.unwatch(onEnd));
}
