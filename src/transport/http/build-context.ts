import type { Clock } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { negotiateLocale } from "#base/i18n/translate.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { TraceHeaders } from "#base/trace-headers.ts";
import type { Authenticate, Credentials } from "#core/access/authenticate.ts";
import { toIdentity } from "#core/access/identity.ts";
import type { RightsWatch } from "#core/access/live-rights.ts";
import type { Reach } from "#core/call-options.ts";
import type { Context, Principal } from "#core/context.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { Services } from "#core/service.ts";
import type { Database } from "#db/database.ts";
import { readHeaderText } from "#transport/http/header-text.ts";

export interface ContextDependencies {
  readonly database: Database;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A request before its authentication. `clientIp` is lazy, because most requests never need it. */
export interface RequestFacts {
  readonly requestId: string;
  readonly clientIp: () => string;
  readonly request: Request;
  readonly reach: Reach;
}

function readTraceHeaders(headers: Headers): TraceHeaders | undefined {
  const [traceparent, tracestate] = [headers.get("traceparent"), headers.get("tracestate")];
  return traceparent === null ? undefined : { traceparent, ...(tracestate !== null && { tracestate }) };
}

/** Reads the credentials of a request. Throws 400 for headers that cannot be read. */
export function readCredentials(
  { request: { headers, url }, reach: { loginCookie } }: RequestFacts,
  operation?: Pick<AnyOperation, "acceptsLinks">,
): Credentials {
  const { pathname, searchParams } = operation?.acceptsLinks ? new URL(url) : NO_QUERY;
  const token = searchParams.get("ft");
  return {
    bearer: readBearer(headers) ?? (searchParams.get("token") || undefined),
    userId: readHeaderText(headers, "x-goclaw-user-id"),
    tenantHint: readHeaderText(headers, "x-goclaw-tenant-id"),
    senderId: readHeaderText(headers, "x-goclaw-sender-id") || undefined,
    ...(loginCookie !== undefined && { login: { kind: "cookie", text: loginCookie } }),
    ...(token !== null && { link: { path: pathname, token } }),
  };
}

/** Only operations that accept links look at the query for credentials. */
const NO_QUERY = { pathname: "", searchParams: new URLSearchParams() };

/** What goes on while a call is answered. */
export interface CallHooks {
  readonly rights: RightsWatch;
  /** Called when the input is stored, and its body no longer needs memory. */
  readonly onInputStored: () => void;
}

/** Builds the context of a call. Operations read no headers. They get the values of headers from the context. */
export function buildContext(
  { request, requestId, clientIp, reach }: RequestFacts,
  principal: Principal,
  operation: AnyOperation,
  { rights, onInputStored }: CallHooks,
  { database, services, clock, logger }: ContextDependencies,
): Context {
  const { headers } = request;
  const sessionKey = readOption(headers, "x-goclaw-session-key");
  let ownLogger: Logger | undefined;
  return {
    ...principal,
    requestId,
    operation,
    get clientIp() {
      return clientIp();
    },
    locale: negotiateLocale(headers.get("accept-language") ?? undefined),
    options: {
      agent: readOption(headers, "x-goclaw-agent-id") ?? readOption(headers, "x-goclaw-agent"),
      sessionKey: sessionKey === undefined ? undefined : toIdentity(sessionKey),
      events: readList(headers.get("x-goclaw-events") ?? ""),
      get isOpenAiClient() {
        return isOpenAiClient(headers);
      },
      onInputStored,
      wantsDocument: prefersJson(headers.get("accept") ?? ""),
      wantsStream: (headers.get("accept") ?? "").includes("text/event-stream"),
      resumeAfter: headers.get("last-event-id") ?? undefined,
      reach,
      proof: (name) => headers.get(name) ?? undefined,
      idempotencyKey: readIdempotencyKey(headers),
    },
    /** Begins to watch the caller's rights when a call first asks for it. */
    get signal() {
      return rights.signal;
    },
    traceHeaders: readTraceHeaders(headers),
    db: database.forTenant(principal.tenantId),
    clock,
    /** Creates the logger at the first log line, because most requests write none. */
    get logger() {
      ownLogger ??= logger.child({ requestId, tenantId: principal.tenantId, operation: operation.name });
      return ownLogger;
    },
    use: (token) => services.use(token),
  };
}

/**
 * Returns the bearer token, undefined without the header, or "" if the header is malformed. Throws 400 for several
 * Authorization headers. They arrive joined by commas, and no token contains a comma.
 */
function readBearer(headers: Headers): string | undefined {
  const header = headers.get("authorization");
  if (header === null) return undefined;
  if (header.includes(",")) throw new AppError("INVALID_REQUEST", "error.duplicate_authorization", {});
  const match = /^Bearer +(\S+)$/i.exec(header.trim());
  return match?.[1] ?? "";
}

/** The libraries name themselves in the user agent, and most of them in headers that begin with `X-Stainless`. */
const isOpenAiClient = (headers: Headers): boolean =>
  [...headers.keys()].some((name) => name.startsWith("x-stainless-")) ||
  /(?:^|\s)(?:OpenAI|ai-sdk)\//.test(headers.get("user-agent") ?? "");

const readList = (header: string): readonly string[] =>
  header.split(",").flatMap((item) => item.trim().toLowerCase() || []);

/** Reads a header whose value may be left out. Clients with a fixed list of headers send an empty text for that. */
const readOption = (headers: Headers, name: string): string | undefined => readHeaderText(headers, name) || undefined;

const prefersJson = (accept: string) => accept.includes("application/json") && !accept.includes("text/event-stream");

function readIdempotencyKey(headers: Headers): string | undefined {
  const key = headers.get("idempotency-key") ?? undefined;
  if (key === undefined || (key.length > 0 && key.length <= LIMITS.idempotencyKeyLength)) return key;
  const detail = `1 to ${LIMITS.idempotencyKeyLength} characters`;
  throw new AppError("INVALID_REQUEST", "error.invalid_header", { header: "Idempotency-Key", detail });
}
