import type { Config } from "#app/config/schema.ts";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Which `Host` headers are answered: the configured names; where nobody authenticates only loopback ones, since a
 * web page could reach us under a name of its own; else any.
 */
export function servesHost({ gateway }: Config): (host: string) => boolean {
  const configured = gateway.allowed_hosts.map((host) => host.toLowerCase());
  if (configured.length === 0 && gateway.auth === "token") return () => true;
  const names = new Set(configured.length > 0 ? configured : LOOPBACK_NAMES);
  return (host) => {
    const name = host.toLowerCase();
    return names.has(name) || names.has(name.replace(/:\d+$/, ""));
  };
}
