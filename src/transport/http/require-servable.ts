import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { HttpDependencies } from "#transport/http/http-dependencies.ts";

/** Throws for requests that every route refuses: 421 for a wrong host, 400 for a too long URL or too many headers. */
export function requireServable(request: Request, { isServedHost }: Pick<HttpDependencies, "isServedHost">): void {
  const host = request.headers.get("host") ?? "";
  if (!isServedHost(host)) {
    throw new AppError("INVALID_REQUEST", "error.host_not_allowed", { host: host.slice(0, 100) }, { status: 421 });
  }
  if (request.url.length > LIMITS.urlLength) {
    throw new AppError("INVALID_REQUEST", "error.url_too_long", { max: LIMITS.urlLength });
  }
  refuseNul(request.url);
  if (request.headers.count > LIMITS.headerCount) {
    throw new AppError("INVALID_REQUEST", "error.header_too_large", {});
  }
}

/** Throws for a URL with a NUL. No valid path or value contains one, and Postgres cannot store it. */
function refuseNul(url: string): void {
  if (!url.includes("%00")) return;
  const { pathname } = new URL(url);
  if (pathname.includes("%00")) throw new AppError("NOT_FOUND", "error.route_not_found", { path: pathname });
  throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "%00" });
}
