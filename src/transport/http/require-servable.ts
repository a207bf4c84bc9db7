import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { HttpDependencies } from "#transport/http/http-dependencies.ts";

/** Throws if a request is refused whatever its route: a foreign host, a URL that is too long, too many headers. */
export function requireServable(request: Request, { servesHost }: Pick<HttpDependencies, "servesHost">): void {
  const host = request.headers.get("host") ?? "";
  if (!servesHost(host)) {
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

/** No name and no value contains a NUL, and Postgres cannot store one. */
function refuseNul(url: string): void {
  if (!url.includes("%00")) return;
  const { pathname } = new URL(url);
  if (pathname.includes("%00")) throw new AppError("NOT_FOUND", "error.route_not_found", { path: pathname });
  throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "%00" });
}
