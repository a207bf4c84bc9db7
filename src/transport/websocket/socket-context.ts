import { newId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import { PUBLIC_PRINCIPAL } from "#core/access/authenticate.ts";
import type { Context, Principal } from "#core/context.ts";
import type { LiveConnection } from "#core/live/live-connection.ts";
import { logFeed } from "#core/live/log-feed.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { SocketConnection } from "#transport/websocket/socket-connection.ts";
import type { SocketHandling } from "#transport/websocket/socket-dependencies.ts";

export interface SocketCall {
  readonly operation: AnyOperation;
  readonly requestId?: string;
  readonly idempotencyKey?: string | undefined;
  /** Aborts when the client cancels the call. */
  readonly cancelled?: AbortSignal;
  readonly onInputStored?: () => void;
  /** Keeps what is to be done once the answer is sent. */
  readonly afterAnswer?: (task: () => void) => void;
}

/** Builds the context of a call on a connection. Before `connect`, its caller is a stranger. */
export function buildSocketContext(
  connection: SocketConnection,
  {
    operation,
    requestId = newId(),
    idempotencyKey,
    cancelled,
    onInputStored,
    afterAnswer = (task) => task(),
  }: SocketCall,
  handling: SocketHandling,
): Context {
  const { database, services, clock, logger } = handling;
  const { session, facts } = connection;
  const principal: Principal = session?.principal ?? PUBLIC_PRINCIPAL;
  let ownLogger: Logger | undefined;
  let signal: AbortSignal | undefined;
  const ctx: Context = {
    ...principal,
    requestId,
    operation,
    clientIp: facts.clientIp,
    locale: connection.locale,
    options: {
      idempotencyKey,
      wantsDocument: true,
      reach: facts.reach,
      get live() {
        return toLiveConnection(connection, ctx, afterAnswer);
      },
      ...(onInputStored && { onInputStored }),
    },
    /** Created when a call first asks for it, because most calls are short. */
    get signal() {
      const signals = [session?.rights.signal ?? connection.disconnected, ...(cancelled ? [cancelled] : [])];
      signal ??= AbortSignal.any(signals);
      return signal;
    },
    db: database.forTenant(principal.tenantId),
    clock,
    get logger() {
      ownLogger ??= logger.child({ requestId, tenantId: principal.tenantId, operation: operation.name });
      return ownLogger;
    },
    use: (token) => services.use(token),
  };
  return ctx;
}

function toLiveConnection(
  connection: SocketConnection,
  ctx: Context,
  afterAnswer: (task: () => void) => void,
): LiveConnection {
  const dialect = connection.session?.dialect ?? "goclaw";
  return {
    id: connection.id,
    showRun: (runId, after) => connection.runs.show(ctx, runId, after, dialect),
    restartRun(runId, after) {
      connection.runs.hide(runId);
      afterAnswer(() => {
        connection.runs.hide(runId);
        void connection.runs.show(ctx, runId, after, dialect);
      });
    },
    hideRun: (runId) => connection.runs.hide(runId),
    showSession: (key) => connection.showSession(key),
    hideSession: (key) => connection.sessions.delete(key),
    showLog: (level) => connection.showLog(ctx.use(logFeed), level),
    hideLog: () => connection.hideLog(),
    keepOpen: (milliseconds) => connection.keepOpen(milliseconds),
  };
}
