import { EgressError } from "#base/egress/egress-error.ts";
import type { OutgoingRequest } from "#base/egress/outgoing-request.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const KEPT_ACROSS_ORIGINS = ["accept", "accept-language", "user-agent"];
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type"];

/** Returns the URL that a response redirects to, if any. Throws `EgressError` if that URL is invalid. */
export function redirectTarget(status: number, location: string | undefined, from: URL): string | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw new EgressError("redirect");
  return new URL(location, from.href).href;
}

/**
 * Returns the request for the next hop. Another origin gets no credentials, no custom headers and no body.
 * Throws `EgressError` if the redirect requires sending the body to another origin, or sending a stream twice.
 */
export function toRedirectedRequest(request: OutgoingRequest, status: number, from: URL, to: URL): OutgoingRequest {
  const becomesGet = status === 303 ? request.method !== "HEAD" : status < 303 && request.method === "POST";
  const isSameOrigin = from.origin === to.origin;
  if (!becomesGet && request.body !== undefined) {
    if (!isSameOrigin || request.body instanceof ReadableStream) throw new EgressError("redirect");
  }
  const isKept = (name: string) =>
    (isSameOrigin || KEPT_ACROSS_ORIGINS.includes(name)) && !(becomesGet && BODY_HEADERS.includes(name));
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => isKept(name.toLowerCase())));
  return { ...request, headers, ...(becomesGet && { method: "GET", body: undefined }) };
}
