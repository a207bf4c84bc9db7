import { AppError } from "#base/errors.ts";
import type { HeaderFields } from "#transport/http/http-dependencies.ts";

/** The result of the origin check for a request from a web page of another origin. */
export interface OriginVerdict {
  readonly origin: string;
  readonly isAllowed: boolean;
  /** Headers for every response. Without them the browser hides the response from the page. */
  readonly headers: HeaderFields;
}

/** Checks the `Origin` of a request. Returns undefined without an origin, and for the gateway's own pages. */
export type CheckOrigin = (headers: Headers) => OriginVerdict | undefined;

/** Allows every origin. */
export const ANY_ORIGIN = "*";

/** The response headers that a page may read, in addition to those that CORS always exposes. */
const EXPOSED =
  "X-Request-Id, X-GoClaw-Session-Key, X-GoClaw-Run-Id, X-GoClaw-Model, Idempotency-Replayed, Location, Retry-After, Allow, WWW-Authenticate, Accept-Ranges, Content-Disposition, Content-Range, ETag";
/** Short, because a browser asks again only after this time, also if the permission was withdrawn. */
const PREFLIGHT_MAX_AGE_SECONDS = "600";

/** The request headers that a page may send: those that the gateway reads, and those that clients of OpenAI add. */
const READ_HEADERS: readonly string[] = [
  ...["accept", "accept-language", "authorization", "content-type", "idempotency-key", "last-event-id"],
  ...["range", "if-range", "if-none-match", "if-modified-since"],
  ...["x-request-id", "openai-organization", "openai-project", "openai-beta", "user-agent"],
];
const READ_PREFIXES = /^x-(?:goclaw|stainless)-[a-z-]{1,64}$/;

/**
 * Creates the origin check. Pages of other origins need permission. Otherwise any page could act through the operator's
 * browser on a gateway without authentication. Cookies are for the gateway's own pages alone, so CORS credentials are
 * never allowed.
 */
export function createOriginCheck(allowed: () => readonly string[]): CheckOrigin {
  return (headers) => {
    const origin = headers.get("origin");
    if (origin === null || isOwn(origin, headers.get("host") ?? "")) return undefined;
    const known = allowed();
    if (!known.includes(ANY_ORIGIN) && !known.includes(origin)) return { origin, isAllowed: false, headers: {} };
    const answerHeaders = {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": EXPOSED,
    };
    return { origin, isAllowed: true, headers: answerHeaders };
  };
}

const OWN = /^http(s?):\/\/(.+)$/;

/**
 * Returns true if an origin is the gateway's own. Ignores the scheme, because a proxy may terminate TLS. `Host` may
 * include the default port of the scheme.
 */
function isOwn(origin: string, host: string): boolean {
  const [, tls, name] = OWN.exec(origin) ?? [];
  const own = host.toLowerCase();
  return name !== undefined && (own === name || own === `${name}:${tls ? 443 : 80}`);
}

export const originNotAllowed = (origin: string) =>
  new AppError(
    "UNAUTHORIZED",
    "error.origin_not_allowed",
    { origin: origin.slice(0, 100) },
    { status: 403, reason: "origin_not_allowed" },
  );

/** Returns true for a CORS preflight request. */
export const isPreflight = (headers: Headers): boolean =>
  headers.has("origin") && headers.has("access-control-request-method");

/** Answers a preflight. Allows every method, because the call itself is checked like any other. */
export function answerPreflight(requested: Headers, methods: string, headers: HeaderFields): Response {
  const names = (requested.get("access-control-request-headers") ?? "").toLowerCase().split(/[\s,]+/);
  const known = names.filter((name) => READ_HEADERS.includes(name) || READ_PREFIXES.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "Access-Control-Allow-Methods": methods,
      ...(known.length > 0 && { "Access-Control-Allow-Headers": known.join(",") }),
      "Access-Control-Max-Age": PREFLIGHT_MAX_AGE_SECONDS,
    },
  });
}

/** Returns true for `*` and for an origin as browsers send it, such as `https://app.example`. */
export function isOrigin(text: string): boolean {
  if (text === ANY_ORIGIN) return true;
  const url = URL.parse(text);
  if (url === null || !/^(?!wss?:)[a-z][a-z0-9+.-]*:\/\/[^/?#\\@\s*,]+$/.test(text)) return false;
  // Browser extensions and desktop programs use schemes for which `URL` reports no origin.
  return url.origin === "null" ? url.host !== "" : url.origin === text;
}
