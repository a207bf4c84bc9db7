import { elapsedOf, SECOND } from "#base/clock.ts";
import type { AppError } from "#base/errors.ts";
import { negotiateLocale } from "#base/i18n/translate.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Reach } from "#core/call-options.ts";
import { statusOf, toAppError } from "#core/error-shape.ts";
import { ReplayedError } from "#core/idempotency/kept-answer.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { RequestFacts } from "#transport/http/build-context.ts";
import { originNotAllowed } from "#transport/http/check-origin.ts";
import { readClientIp } from "#transport/http/client-ip.ts";
import { closeIfEndless } from "#transport/http/close-if-endless.ts";
import { encodeError } from "#transport/http/encode-answer.ts";
import type { HandledRequest, Handling, HeaderFields } from "#transport/http/http-dependencies.ts";
import { readReach } from "#transport/http/read-reach.ts";
import { requireServable } from "#transport/http/require-servable.ts";

/** A cache must not answer the pages of one origin, or one browser, with what another was told. */
const varyOf = ({ loginCookie }: Reach): HeaderFields => ({
  Vary: loginCookie === undefined ? "Origin" : "Origin, Cookie",
});

/** Responds to one request. Receives the headers of every response. */
export type Respond = (facts: RequestFacts, headers: HeaderFields) => Response | Promise<Response>;

/** Serves one request: request id, origin check, error envelope, access log and metrics around `respond`. */
export async function serveRequest(
  c: HandledRequest,
  operation: AnyOperation | undefined,
  handling: Handling,
  respond: Respond,
): Promise<Response> {
  const { logger, metrics, trustsProxy, clock, checkOrigin } = handling;
  const startedAt = elapsedOf(clock);
  const request = c.req.raw;
  const requestId = readRequestId(request.headers);
  const clientIp = () => readClientIp(request, c.env.socketAddress, trustsProxy);
  const verdict = checkOrigin(request.headers);
  const reach = readReach(request.headers, verdict === undefined, handling);
  const facts = { request, requestId, clientIp, reach };
  const headers = {
    "X-Request-Id": requestId,
    "X-Content-Type-Options": "nosniff",
    ...varyOf(reach),
    ...verdict?.headers,
  };
  const name = operation?.name ?? "none";
  let response: Response;
  try {
    requireServable(request, handling);
    // Public operations reveal and change nothing, so pages of any origin may read them.
    if (verdict?.isAllowed === false && operation?.access !== "public") throw originNotAllowed(verdict.origin);
    response = await respond(facts, headers);
  } catch (thrown) {
    response = refuse(thrown, facts, operation, { ...headers, ...(await closeIfEndless(request)) }, handling);
    c.env.limitSilence(LIMITS.readerStall / SECOND);
  }
  const milliseconds = elapsedOf(clock) - startedAt;
  metrics.httpRequests.inc({ operation: name, status: String(response.status) });
  metrics.httpSeconds.observe({ operation: name }, milliseconds / 1_000);
  logger.info({ requestId, operation: name, method: request.method, status: response.status, milliseconds }, "request");
  return response;
}

function refuse(
  thrown: unknown,
  { request, requestId }: RequestFacts,
  operation: AnyOperation | undefined,
  headers: HeaderFields,
  { logger }: Handling,
): Response {
  const error = toAppError(thrown, requestId);
  const { cause } = error;
  // The access log already covers an error without a cause. INTERNAL is a fault of the gateway itself.
  const level = error.code === "INTERNAL" ? "error" : statusOf(error) >= 500 ? "warn" : "debug";
  if (cause !== undefined)
    logger[level]({ requestId, operation: operation?.name ?? "none", error: cause }, error.message);
  const locale = negotiateLocale(request.headers.get("accept-language") ?? undefined);
  return encodeError(error, locale, requestId, operation?.errorStyle, { ...headers, ...headersOf(error) });
}

function headersOf(error: AppError): HeaderFields {
  if (error instanceof ReplayedError) return { "Idempotency-Replayed": "true" };
  if (error.key === "error.range_not_satisfiable") {
    return { "Content-Range": `bytes */${(error.params as { size: number }).size}` };
  }
  if (error.key !== "error.method_not_allowed") return {};
  return { Allow: String((error.params as { allowed: string }).allowed) };
}

/** Returns the client's own id for the request if it is safe in a log line, and a new id otherwise. */
function readRequestId(headers: Headers): string {
  const sent = headers.get("x-request-id") ?? "";
  return /^[\w.-]{1,64}$/.test(sent) ? sent : newId();
}
