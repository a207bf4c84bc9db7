/**
 * Returns the address of the client. Reads forwarding headers only behind a proxy that the operator trusts. Their last
 * address is the one that the proxy itself saw.
 */
export function readClientIp(request: Request, socketAddress: () => string, trustsProxy: boolean): string {
  const forwarded = trustsProxy ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const address = forwarded || (trustsProxy && request.headers.get("x-real-ip")) || socketAddress();
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
