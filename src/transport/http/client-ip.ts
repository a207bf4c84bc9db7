/**
 * Returns the address of the client. Forwarding headers count only behind a proxy that the operator trusts. The last hop
 * is then the address that the proxy itself saw.
 */
export function readClientIp(request: Request, socketAddress: () => string, trustsProxy: boolean): string {
  const forwarded = trustsProxy ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const address = forwarded || (trustsProxy && request.headers.get("x-real-ip")) || socketAddress();
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
