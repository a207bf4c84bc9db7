import { Hono, type Context as HonoContext } from "hono";
import { AppError } from "#base/errors.ts";
import { negotiateLocale } from "#base/i18n/translate.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Metrics } from "#base/metrics.ts";
import { requireAccess } from "#core/access.ts";
import { routesOf } from "#core/assert-operations.ts";
import { PUBLIC_PRINCIPAL } from "#core/authenticate.ts";
import { statusOf, toAppError } from "#core/error-shape.ts";
import { execute } from "#core/execute.ts";
import { ReplayedError } from "#core/idempotency.ts";
import type { AnyOperation, HttpMethod } from "#core/operation.ts";
import type { Lifecycle } from "#core/platform.ts";
import { buildContext, type ContextDependencies, identify, type RequestFacts } from "#transport/http/build-context.ts";
import { readClientIp } from "#transport/http/client-ip.ts";
import { encodeAnswer, encodeError } from "#transport/http/encode-answer.ts";
import { createEventStreams, type ToEventStream } from "#transport/http/event-stream.ts";
import {
  answerPreflight,
  createJudgeOrigin,
  isPreflight,
  type JudgeOrigin,
  originNotAllowed,
} from "#transport/http/judge-origin.ts";
import { readBytes, readJsonBody } from "#transport/http/read-body.ts";
import { type RateRules, requireRate, requireRateAfterFailure } from "#transport/http/require-rate.ts";

export interface HttpDependencies extends ContextDependencies {
  readonly operations: readonly AnyOperation[];
  readonly rates: RateRules;
  readonly metrics: Metrics;
  readonly trustsProxy: boolean;
  /** Whether a request's `Host` may be served; guards a gateway without authentication against DNS rebinding. */
  readonly servesHost: (host: string) => boolean;
  /** The web origins whose pages may call, besides our own. */
  readonly allowedOrigins: readonly string[];
  /** Before the gateway is ready, and when it leaves, only public operations are served. */
  readonly state: () => Lifecycle["state"];
}

interface Handling extends HttpDependencies {
  readonly judgeOrigin: JudgeOrigin;
  readonly toEventStream: ToEventStream;
}

/** What the server knows of one connection. */
export interface Connection {
  /** Asked for where somebody looks, which most requests never do. */
  readonly socketAddress: () => string;
  /** Lifts the idle timeout, once the request is read: answers may take as long as a run. */
  readonly keepOpen: () => void;
}

export type HttpHandler = (request: Request, connection: Connection) => Response | Promise<Response>;

type Env = { Bindings: Connection };
type HandledRequest = HonoContext<Env>;

/** Every operation on its routes, 405 with `Allow` beside them, and the 404 of an API for the rest. */
export function createHttpHandler(given: HttpDependencies): HttpHandler {
  const dependencies: Handling = {
    ...given,
    judgeOrigin: createJudgeOrigin(given.allowedOrigins),
    toEventStream: createEventStreams(),
  };
  const app = new Hono<Env>({ strict: true });
  const methods = new Map<string, HttpMethod[]>();
  const allMethods = new Set(dependencies.operations.flatMap(routesOf).map(({ method }) => method));
  app.options("*", (c, next) => {
    if (!isPreflight(c.req.raw.headers)) return next();
    const list = [...allMethods].join(", ");
    return serve(c, undefined, dependencies, (_, headers) => answerPreflight(c.req.raw.headers, list, headers));
  });
  for (const operation of dependencies.operations) {
    for (const { method, path } of routesOf(operation)) {
      const pattern = toHonoPath(path);
      methods.set(pattern, [...(methods.get(pattern) ?? []), method]);
      app.on(method, pattern, (c) =>
        serve(c, operation, dependencies, (facts, headers) => answer(c, facts, headers, operation, dependencies)),
      );
    }
  }
  for (const [pattern, allowed] of methods) {
    app.all(pattern, (c) =>
      serve(c, undefined, dependencies, (facts) => refuseMethod(c, facts, allowed, dependencies)),
    );
  }
  app.notFound((c) =>
    serve(c, undefined, dependencies, () => {
      throw new AppError("NOT_FOUND", "error.route_not_found", { path: c.req.path.slice(0, 200) });
    }),
  );
  return (request, connection) => app.fetch(request, connection);
}

const toHonoPath = (path: string) => path.replaceAll(/\{(\w+)\.\.\.\}/g, ":$1{.+}").replaceAll(/\{(\w+)\}/g, ":$1");

/** Wraps one answer: request id, error envelope, access log and metrics. */
async function serve(
  c: HandledRequest,
  operation: AnyOperation | undefined,
  dependencies: Handling,
  respond: (facts: RequestFacts, headers: Readonly<Record<string, string>>) => Response | Promise<Response>,
): Promise<Response> {
  const { logger, metrics, trustsProxy, clock, judgeOrigin } = dependencies;
  const startedAt = clock.now().getTime();
  const request = c.req.raw;
  const requestId = readRequestId(request.headers);
  const clientIp = () => readClientIp(request, c.env.socketAddress, trustsProxy);
  const facts = { request, requestId, clientIp };
  const crossing = judgeOrigin(request.headers);
  const headers = { "X-Request-Id": requestId, "X-Content-Type-Options": "nosniff", ...crossing?.headers };
  const name = operation?.name ?? "none";
  let response: Response;
  try {
    requireServable(facts, dependencies);
    // What is public tells nothing and changes nothing: the document of the API may be read from anywhere.
    if (crossing?.isAllowed === false && operation?.access !== "public") throw originNotAllowed(crossing.origin);
    response = await respond(facts, headers);
  } catch (thrown) {
    const error = toAppError(thrown, requestId);
    // Only a failure with a cause tells the operator more than the line below; our own faults are errors.
    const { cause } = error;
    const level = error.code === "INTERNAL" ? "error" : statusOf(error) >= 500 ? "warn" : "debug";
    if (cause !== undefined) logger[level]({ requestId, operation: name, error: cause }, error.message);
    const locale = negotiateLocale(request.headers.get("accept-language") ?? undefined);
    response = encodeError(error, locale, requestId, operation?.errorStyle, { ...headers, ...headersOf(error) });
  }
  const milliseconds = clock.now().getTime() - startedAt;
  metrics.httpRequests.inc({ operation: name, status: String(response.status) });
  metrics.httpSeconds.observe({ operation: name }, milliseconds / 1_000);
  logger.info({ requestId, operation: name, method: request.method, status: response.status, milliseconds }, "request");
  return response;
}

async function answer(
  c: HandledRequest,
  facts: RequestFacts,
  headers: Readonly<Record<string, string>>,
  operation: AnyOperation,
  dependencies: Handling,
): Promise<Response> {
  const { request } = facts;
  const isPublic = operation.access === "public";
  if (!isPublic) requireReady(dependencies);
  const principal = isPublic ? PUBLIC_PRINCIPAL : await identifyOrCount(facts, dependencies);
  const ctx = buildContext(facts, principal, operation, dependencies);
  if (operation.access !== "public") {
    requireAccess(ctx, operation.access);
    await requireRate(ctx, operation.access, dependencies.rates);
  }
  const body = await readBody(request, operation, ctx.actor.kind !== "anonymous");
  c.env.keepOpen();
  const outcome = await execute(operation, ctx, { ...c.req.query(), ...body, ...c.req.param() });
  return encodeAnswer(operation, outcome, dependencies.toEventStream, headers);
}

function requireReady({ state }: HttpDependencies): void {
  const reason = state();
  if (reason === "ready") return;
  const key = reason === "draining" ? "error.shutting_down" : "error.unavailable";
  throw new AppError("UNAVAILABLE", key, {}, { reason });
}

// A wrong method is told only to those who may know that the path exists.
async function refuseMethod(
  c: HandledRequest,
  facts: RequestFacts,
  allowed: readonly HttpMethod[],
  dependencies: HttpDependencies,
): Promise<Response> {
  requireReady(dependencies);
  if (c.req.path.startsWith("/v1/")) await identifyOrCount(facts, dependencies);
  const params = { method: c.req.method, allowed: allowed.join(", ") };
  throw new AppError("INVALID_REQUEST", "error.method_not_allowed", params, { status: 405 });
}

async function identifyOrCount(facts: RequestFacts, { authenticate, rates }: HttpDependencies) {
  try {
    return await identify(facts, authenticate);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "UNAUTHORIZED") {
      await requireRateAfterFailure(facts.clientIp(), rates);
    }
    throw thrown;
  }
}

async function readBody(request: Request, { http, body }: AnyOperation, hasBearer: boolean): Promise<object> {
  if (request.method === "GET" || request.method === "HEAD" || http.method === "DELETE" || body?.kind === "none")
    return {};
  const maxBytes = body?.maxBytes ?? LIMITS.jsonBody;
  switch (body?.kind ?? "json") {
    case "json":
      return readJsonBody(request, { maxBytes, acceptsAnyType: hasBearer });
    case "bytes":
      return { body: await readBytes(request, maxBytes) };
    case "multipart":
      return readForm(request, maxBytes);
  }
}

async function readForm(request: Request, maxBytes: number): Promise<object> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.toLowerCase().startsWith("multipart/form-data")) {
    const params = { expected: "multipart/form-data" };
    throw new AppError("INVALID_REQUEST", "error.unsupported_media_type", params, { status: 415 });
  }
  const bytes = await readBytes(request, maxBytes);
  try {
    const form = await new Response(bytes, { headers: { "Content-Type": type } }).formData();
    return Object.fromEntries(form.entries());
  } catch {
    throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "multipart/form-data" });
  }
}

function requireServable({ request }: RequestFacts, { servesHost }: HttpDependencies): void {
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

/** No name and no value has a NUL, and not every database takes one. */
function refuseNul(url: string): void {
  if (!url.includes("%00")) return;
  const { pathname } = new URL(url);
  if (pathname.includes("%00")) throw new AppError("NOT_FOUND", "error.route_not_found", { path: pathname });
  throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "%00" });
}

function headersOf(error: AppError): Record<string, string> {
  if (error instanceof ReplayedError) return { "Idempotency-Replayed": "true" };
  if (error.key !== "error.method_not_allowed") return {};
  return { Allow: String((error.params as { allowed: string }).allowed) };
}

/** The caller's own id for the request when it is plain enough for a log line, else a new one. */
function readRequestId(headers: Headers): string {
  const given = headers.get("x-request-id") ?? "";
  return /^[\w.-]{1,64}$/.test(given) ? given : newId();
}
