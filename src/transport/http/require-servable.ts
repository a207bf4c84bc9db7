import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { HttpDependencies } from "#transport/http/http-dependencies.ts";

/** A host name or an address, with a port or without (RFC 9110, 7.2). HTTP 1.0 needs none. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])?(?::\d{0,5})?$/i;

/** The headers that say for whom a request acts. A proxy and the gateway could each believe another one of two. */
const ONCE: readonly string[] = [
  ...["x-goclaw-user-id", "x-goclaw-tenant-id", "x-goclaw-agent-id", "x-goclaw-agent", "x-goclaw-session-key"],
  ...["x-goclaw-sender-id", "idempotency-key"],
];
/** Headers of one name arrive joined by this. */
const JOINT = ", ";

/**
 * Throws for requests that every route refuses. A wrong host gives 421. A malformed host, a too long URL, too many
 * headers and two headers that contradict each other give 400.
 */
export function requireServable(request: Request, { isServedHost }: Pick<HttpDependencies, "isServedHost">): void {
  const { headers } = request;
  const host = headers.get("host") ?? "";
  if (!isServedHost(host)) {
    throw new AppError("INVALID_REQUEST", "error.host_not_allowed", { host: host.slice(0, 100) }, { status: 421 });
  }
  if (!HOST.test(host)) throw invalidHeader("Host", "a name or an address, with a port or without");
  if (request.url.length > LIMITS.urlLength) {
    throw new AppError("INVALID_REQUEST", "error.url_too_long", { max: LIMITS.urlLength });
  }
  refuseNul(request.url);
  if (countHeaders(headers) > LIMITS.headerCount) {
    throw new AppError("INVALID_REQUEST", "error.header_too_large", {});
  }
  const repeated = ONCE.find((name) => headers.get(name)?.includes(JOINT));
  if (repeated !== undefined) throw invalidHeader(repeated, "only once; a comma in its text is written as %2C");
}

const invalidHeader = (header: string, detail: string) =>
  new AppError("INVALID_REQUEST", "error.invalid_header", { header, detail });

/** Counts headers as they were sent, with those of one name. */
function countHeaders(headers: Headers): number {
  let count = 0;
  for (const value of headers.values()) count += value.split(JOINT).length;
  return count;
}

/** Throws for a URL with a NUL. No valid path or value contains one, and Postgres cannot store it. */
function refuseNul(url: string): void {
  if (!url.includes("%00")) return;
  const { pathname } = new URL(url);
  if (pathname.includes("%00")) throw new AppError("NOT_FOUND", "error.route_not_found", { path: pathname });
  throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "%00" });
}
