import { parse } from "hono/utils/cookie";
import type { Reach } from "#core/call-options.ts";
import type { HttpDependencies } from "#transport/http/http-dependencies.ts";

/** What browsers say of requests of the gateway's own pages, and of addresses that a person typed in. */
const OWN_SITES: readonly string[] = ["same-origin", "none"];

/**
 * Reads how a caller reached the gateway. A cookie counts only for the gateway's own pages, by their origin and by what
 * the browser says. `SameSite` alone would let in pages of other ports of this host.
 */
export function readReach(
  headers: Headers,
  hasOwnOrigin: boolean,
  { loginCookie: name, trustsProxy }: Pick<HttpDependencies, "loginCookie" | "trustsProxy">,
): Reach {
  const isOwnPage = hasOwnOrigin && OWN_SITES.includes(headers.get("sec-fetch-site") ?? "none");
  return {
    isOwnPage,
    // Most requests have no cookie, and ask for nothing else of these.
    get origin() {
      return readOrigin(headers, hasOwnOrigin, trustsProxy);
    },
    get loginCookie() {
      return isOwnPage ? parse(headers.get("cookie") ?? "", name)[name] : undefined;
    },
    get userAgent() {
      return headers.get("user-agent") ?? "";
    },
  };
}

/** The gateway itself speaks no TLS. A page knows by which scheme it came, and else the trusted proxy does. */
function readOrigin(headers: Headers, hasOwnOrigin: boolean, trustsProxy: boolean): string {
  const origin = headers.get("origin");
  if (origin !== null && hasOwnOrigin) return origin;
  const forwarded = trustsProxy ? headers.get("x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase() : undefined;
  return `${forwarded === "https" ? "https" : "http"}://${headers.get("host") || "localhost"}`;
}
