import { EgressError } from "#base/egress/egress-error.ts";
import type { OutgoingRequest } from "#base/egress/outgoing-request.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const KEPT_ACROSS_ORIGINS = ["accept", "accept-language", "user-agent"];
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type"];

/** Where an answer sends us, if it does. */
export function redirectTarget(status: number, location: string | undefined, from: URL): string | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw new EgressError("redirect");
  return new URL(location, from.href).href;
}

/**
 * The request for the next hop. Another origin gets neither credentials nor custom headers nor the body;
 * a redirect that would need them there is refused.
 */
export function toRedirectedRequest(request: OutgoingRequest, status: number, from: URL, to: URL): OutgoingRequest {
  const becomesGet = status === 303 ? request.method !== "HEAD" : status < 303 && request.method === "POST";
  const isSameOrigin = from.origin === to.origin;
  if (!becomesGet && request.body !== undefined) {
    if (!isSameOrigin || request.body instanceof ReadableStream) throw new EgressError("redirect");
  }
  const headers = isSameOrigin ? new Headers(request.headers) : pick(request.headers, KEPT_ACROSS_ORIGINS);
  if (!becomesGet) return { ...request, headers };
  for (const name of BODY_HEADERS) headers.delete(name);
  return { ...request, headers, method: "GET", body: undefined };
}

function pick(headers: Headers, names: readonly string[]): Headers {
  return new Headers(names.flatMap((name) => [...(headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])]));
}
