/**
 * The address a request came from. Forwarding headers count only behind a proxy that the operator trusts; then it is
 * the last hop, the one that the proxy itself saw. IPv6 callers are told apart by their /64, which one host holds.
 */
export function readClientIp(request: Request, socketAddress: () => string, trustsProxy: boolean): string {
  const forwarded = trustsProxy ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const address = forwarded || (trustsProxy && request.headers.get("x-real-ip")) || socketAddress();
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}

/** What the rate limiter knows an address by. */
export function addressGroup(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
