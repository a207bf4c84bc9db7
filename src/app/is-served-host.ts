import type { Config } from "#app/config/schema.ts";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Returns a predicate for the `Host` headers that the gateway answers. It accepts the configured names, if any.
 * Without configured names it accepts every host, or only loopback names if `gateway.auth` is "none".
 * The reason: a web page could point a host name of its own at a gateway without authentication.
 */
export function isServedHost({ gateway }: Config): (host: string) => boolean {
  const configured = gateway.allowed_hosts.map((host) => host.toLowerCase());
  if (configured.length === 0 && gateway.auth === "token") return () => true;
  const names = new Set(configured.length > 0 ? configured : LOOPBACK_NAMES);
  return (host) => {
    const name = host.toLowerCase();
    return names.has(name) || names.has(name.replace(/:\d+$/, ""));
  };
}
