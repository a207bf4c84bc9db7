import { AppError } from "#base/errors.ts";

type HeaderFields = Readonly<Record<string, string>>;

/** What a request from a web page of another origin may do. */
export interface Crossing {
  readonly origin: string;
  readonly isAllowed: boolean;
  /** For every answer to it: without them the browser keeps the answer from the page. */
  readonly headers: HeaderFields;
}

/** Undefined for the requests of programs, which name no origin, and of the gateway's own pages. */
export type JudgeOrigin = (headers: Headers) => Crossing | undefined;

/** Stands for every origin in the list of those that are allowed. */
export const ANY_ORIGIN = "*";

/** What a page may read of an answer beside its body and the few headers that every page may. */
const EXPOSED =
  "X-Request-Id, X-GoClaw-Session-Key, X-GoClaw-Run-Id, Idempotency-Replayed, Location, Retry-After, Allow, WWW-Authenticate";
const SECONDS_TO_REMEMBER_PREFLIGHTS = "7200";

/**
 * Browsers name the page that a request comes from. Pages of other origins need to be allowed: where nobody
 * authenticates, any page could otherwise act through the browser of whoever runs the gateway. Cookies mean nothing to
 * us, so that credentials are never allowed.
 */
export function createJudgeOrigin(allowed: readonly string[]): JudgeOrigin {
  const isAnyAllowed = allowed.includes(ANY_ORIGIN);
  const known = new Set(allowed);
  return (headers) => {
    const origin = headers.get("origin");
    if (origin === null || isOwn(origin, headers.get("host") ?? "")) return undefined;
    if (!isAnyAllowed && !known.has(origin)) return { origin, isAllowed: false, headers: { Vary: "Origin" } };
    const answerHeaders = {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": EXPOSED,
      Vary: "Origin",
    };
    return { origin, isAllowed: true, headers: answerHeaders };
  };
}

const OWN = /^http(s?):\/\/(.+)$/;

/** The scheme is not compared: a proxy in front speaks TLS where we do not. `Host` may name the scheme's own port. */
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

/** Whether a browser asks what a page of another origin may send, before it sends it. */
export const isPreflight = (headers: Headers): boolean =>
  headers.has("origin") && headers.has("access-control-request-method");

/** A page that may speak to us may do so by every method and with every header: the call itself is judged as any other. */
export function answerPreflight(asked: Headers, methods: string, headers: HeaderFields): Response {
  const names = asked.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "Access-Control-Allow-Methods": methods,
      ...(names !== null && { "Access-Control-Allow-Headers": names }),
      "Access-Control-Max-Age": SECONDS_TO_REMEMBER_PREFLIGHTS,
    },
  });
}

/** Whether text is an origin as browsers send it, such as `https://app.example`, or stands for all of them. */
export function isOrigin(text: string): boolean {
  if (text === ANY_ORIGIN) return true;
  const url = URL.parse(text);
  if (url === null || !/^(?!wss?:)[a-z][a-z0-9+.-]*:\/\/[^/?#\\@\s*,]+$/.test(text)) return false;
  // Extensions and desktop programs have schemes of their own, of which URLs know no origin.
  return url.origin === "null" ? url.host !== "" : url.origin === text;
}
