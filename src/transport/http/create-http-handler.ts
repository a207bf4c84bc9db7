import { Hono } from "hono";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { PUBLIC_PRINCIPAL } from "#core/access/authenticate.ts";
import type { RightsWatch } from "#core/access/live-rights.ts";
import { routesOf } from "#core/assert-operations.ts";
import type { Principal } from "#core/context.ts";
import { execute } from "#core/execute.ts";
import { type HttpMethod, type HttpOperation, isHttpOperation } from "#core/operation.ts";
import { FileReply, PiecesReply, StreamReply } from "#core/reply.ts";
import type { ServiceToken } from "#core/service.ts";
import { uploadFolder } from "#core/uploads/upload-folder.ts";
import type { UploadedFile } from "#core/uploads/uploaded-file.ts";
import { createAnswerStreams } from "#transport/http/answer-stream.ts";
import { BodyBudget } from "#transport/http/body-budget.ts";
import { BodyParser } from "#transport/http/body-parser.ts";
import { buildContext, type RequestFacts, readCredentials } from "#transport/http/build-context.ts";
import { answerPreflight, createOriginCheck, isPreflight } from "#transport/http/check-origin.ts";
import { encodeAnswer } from "#transport/http/encode-answer.ts";
import { encodeFile } from "#transport/http/files/encode-file.ts";
import type {
  Connection,
  Env,
  HandledRequest,
  Handling,
  HeaderFields,
  HttpDependencies,
} from "#transport/http/http-dependencies.ts";
import { answerPage, findPage } from "#transport/http/pages/answer-page.ts";
import { readBody } from "#transport/http/read-body.ts";
import { serveRequest } from "#transport/http/serve-request.ts";

/** The path of WebSockets. */
const SOCKETS = "/ws";

export type HttpHandler = (request: Request, connection: Connection) => Response | Promise<Response>;

/**
 * Creates the handler of all routes. Answers other methods of a known path with 405 and `Allow`, other paths with 404.
 */
export function createHttpHandler(dependencies: HttpDependencies): HttpHandler {
  const handling: Handling = {
    ...dependencies,
    checkOrigin: createOriginCheck(dependencies.allowedOrigins),
    toAnswerStream: createAnswerStreams(),
    bodies: new BodyBudget(LIMITS.bodiesInFlight),
    parser: new BodyParser(),
  };
  const app = new Hono<Env>({ strict: true });
  const operations = dependencies.operations.filter(isHttpOperation);
  const routes = new Map<string, KnownRoute>();
  const allMethods = [...new Set(operations.flatMap(routesOf).map(({ method }) => method))].join(", ");
  app.options("*", (c, next) => {
    if (!isPreflight(c.req.raw.headers)) return next();
    return serveRequest(c, undefined, handling, (_, headers) =>
      answerPreflight(c.req.raw.headers, allMethods, headers),
    );
  });
  const servePage = (c: HandledRequest): Promise<Response> | undefined => {
    const page = handling.pages && findPage(c.req.raw, handling.pages);
    return page && serveRequest(c, undefined, handling, (_, common) => answerPage(page, common, c.env));
  };
  // A browser gets the page, and a program the answer of the operation.
  app.get("/", async (c, next) => servePage(c) ?? next());
  for (const operation of operations) {
    for (const { method, path } of routesOf(operation)) {
      const pattern = toHonoPath(path);
      const { allowed, isPublic } = routes.get(pattern) ?? { allowed: [], isPublic: true };
      routes.set(pattern, { allowed: [...allowed, method], isPublic: isPublic && operation.access === "public" });
      app.on(method, pattern, (c) =>
        serveRequest(c, operation, handling, (facts, headers) => answer(c, facts, headers, operation, handling)),
      );
    }
  }
  for (const [pattern, route] of routes) {
    app.all(pattern, (c) => serveRequest(c, undefined, handling, (facts) => refuseMethod(c, facts, route, handling)));
  }
  // A handshake never comes here.
  app.get(SOCKETS, (c) =>
    serveRequest(c, undefined, handling, () => {
      throw new AppError("INVALID_REQUEST", "error.upgrade_required", {}, { status: 426 });
    }),
  );
  app.notFound(
    (c) =>
      servePage(c) ??
      serveRequest(c, undefined, handling, () => {
        throw new AppError("NOT_FOUND", "error.route_not_found", { path: c.req.path.slice(0, 200) });
      }),
  );
  return (request, connection) => app.fetch(request, connection);
}

interface KnownRoute {
  readonly allowed: readonly HttpMethod[];
  /** True if strangers may call it with every method that it allows. */
  readonly isPublic: boolean;
}

const toHonoPath = (path: string) => path.replaceAll(/\{(\w+)\.\.\.\}/g, ":$1{.+}").replaceAll(/\{(\w+)\}/g, ":$1");

async function answer(
  c: HandledRequest,
  facts: RequestFacts,
  headers: HeaderFields,
  operation: HttpOperation,
  handling: Handling,
): Promise<Response> {
  const { admission, toAnswerStream } = handling;
  const isPublic = operation.access === "public";
  const principal = isPublic ? PUBLIC_PRINCIPAL : await authenticateRequest(facts, operation, handling);
  if (!isPublic) c.env.markAtWork();
  const rights = watchRights(facts, principal, operation, handling);
  const hold = handling.bodies.open();
  const received: UploadedFile[] = [];
  let isStream = false;
  try {
    const ctx = buildContext(facts, principal, operation, { rights, onInputStored: hold.release }, handling);
    await admission.admit(ctx, operation);
    const parse = (bytes: Uint8Array<ArrayBuffer>) => handling.parser.parse(bytes, ctx.tenantId);
    const hasBearer = ctx.actor.kind !== "anonymous";
    const receive = async (name: string, content: AsyncIterable<Uint8Array>) => {
      const file = await ctx.use(uploadFolder).receive(name, content);
      received.push(file);
      return file;
    };
    const reader = { use: <Value>(token: ServiceToken<Value>) => ctx.use(token), hasBearer, hold, parse, receive };
    const body = await readBody(facts.request, operation, reader);
    c.env.limitSilence(0);
    const outcome = await execute(operation, ctx, { ...readQuery(c, operation), ...body, ...c.req.param() });
    isStream = outcome.value instanceof StreamReply || outcome.value instanceof PiecesReply;
    const onStreamEnd = () => rights.end();
    if (outcome.value instanceof FileReply) {
      return await encodeFile(outcome.value, facts.request, { common: headers, toAnswerStream, connection: c.env });
    }
    return encodeAnswer(operation, outcome, { common: headers, toAnswerStream, onStreamEnd, connection: c.env });
  } finally {
    hold.release();
    if (!isStream) rights.end();
    for (const file of received) await handling.services.use(uploadFolder).discard(file);
  }
}

/** Watches the rights of a caller as long as its call lasts. */
function watchRights(
  facts: RequestFacts,
  { tenantId, userId }: Principal,
  operation: HttpOperation,
  { liveRights, authenticate }: Handling,
): RightsWatch {
  return liveRights.watch({
    tenantId,
    userId,
    get disconnected() {
      return facts.request.signal;
    },
    authenticate: async () => operation.access === "public" || authenticate(readCredentials(facts, operation)),
  });
}

/** Returns the fields in the query. Where the body holds the fields, these are only those that the operation names. */
function readQuery(c: HandledRequest, { body, query = [] }: HttpOperation): Readonly<Record<string, string>> {
  const all = c.req.query();
  if (["GET", "HEAD", "DELETE"].includes(c.req.method) || body?.kind === "bytes") return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => query.includes(name)));
}

/** Throws 405 with the allowed methods. Authenticates first unless the route is public, so strangers cannot probe. */
async function refuseMethod(
  c: HandledRequest,
  facts: RequestFacts,
  { allowed, isPublic }: KnownRoute,
  handling: Handling,
): Promise<Response> {
  handling.admission.requireReady();
  if (!isPublic) await authenticateRequest(facts, undefined, handling);
  const params = { method: c.req.method, allowed: allowed.join(", ") };
  throw new AppError("INVALID_REQUEST", "error.method_not_allowed", params, { status: 405 });
}

async function authenticateRequest(
  facts: RequestFacts,
  operation: HttpOperation | undefined,
  { admission, authenticate }: Handling,
): Promise<Principal> {
  admission.requireReady();
  try {
    return await authenticate(readCredentials(facts, operation));
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "UNAUTHORIZED") {
      await admission.countFailedAuthentication(facts.clientIp());
    }
    throw thrown;
  }
}
