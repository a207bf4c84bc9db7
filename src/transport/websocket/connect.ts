import { AppError } from "#base/errors.ts";
import { negotiateLocale } from "#base/i18n/translate.ts";
import type { Credentials } from "#core/access/authenticate.ts";
import type { Principal } from "#core/context.ts";
import { statusOf } from "#core/error-shape.ts";
import { ConnectInput, tenantHintOf } from "#core/live/connect-input.ts";
import { parseInput } from "#core/parse-input.ts";
import type { CallFrame } from "#transport/websocket/frames.ts";
import { CLOSE, type SocketConnection } from "#transport/websocket/socket-connection.ts";
import type { SocketHandling } from "#transport/websocket/socket-dependencies.ts";

/**
 * Authenticates a connection, and begins its session. A connection may do so again, for another caller or tenant. A
 * refusal leaves it open, and without a session. Resolves to false for a stranger, who may ask to be let in. That is a
 * client without a token, an approved `sender_id` or the cookie of a login.
 */
export async function connect(
  connection: SocketConnection,
  { params }: CallFrame,
  handling: SocketHandling,
): Promise<boolean> {
  handling.admission.requireReady();
  endSession(connection);
  const input = parseInput(ConnectInput, params);
  if (input.locale) connection.locale = negotiateLocale(input.locale);
  const credentials = toCredentials(connection, input);
  const principal = await authenticate(credentials, connection, handling);
  if (!principal) return false;
  const { liveRights } = handling;
  const session = {
    ...{ credentials, principal, dialect: input.dialect, feed: input.feed },
    rights: liveRights.watch({
      tenantId: principal.tenantId,
      userId: principal.userId,
      get disconnected() {
        return connection.disconnected;
      },
      authenticate: () => renewPrincipal(connection, handling),
    }),
  };
  connection.session = session;
  session.rights.begin((refusal) => {
    if (connection.session === session) refuseFurther(connection, refusal);
  });
  return true;
}

/** Authenticates the caller of a connection again, so that each call has the rights of the moment. */
export async function renewPrincipal(
  connection: SocketConnection,
  { authenticate }: Pick<SocketHandling, "authenticate">,
): Promise<Principal | undefined> {
  const { session } = connection;
  if (!session) return undefined;
  const before = session.principal;
  session.principal = await authenticate(session.credentials);
  // What a caller with other rights began to follow may be out of its reach now.
  if (session.principal.role !== before.role) stopShowing(connection);
  return session.principal;
}

function endSession(connection: SocketConnection): void {
  connection.session?.rights.end();
  connection.session = undefined;
  stopShowing(connection);
}

function stopShowing(connection: SocketConnection): void {
  connection.runs.hideAll();
  connection.sessions.clear();
  connection.hideLog();
}

function toCredentials({ facts }: SocketConnection, input: ConnectInput): Credentials {
  const { loginCookie } = facts.reach;
  return {
    bearer: input.token || facts.bearer,
    userId: input.user_id,
    tenantHint: tenantHintOf(input),
    senderId: input.sender_id || undefined,
    ...(loginCookie !== undefined && { login: { kind: "cookie", text: loginCookie } }),
  };
}

async function authenticate(
  credentials: Credentials,
  { facts }: SocketConnection,
  handling: SocketHandling,
): Promise<Principal | undefined> {
  try {
    return await handling.authenticate(credentials);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "UNAUTHORIZED") {
      if (credentials.bearer === undefined && statusOf(thrown) === 401) return undefined;
      await handling.admission.countFailedAuthentication(facts.clientIp);
    }
    throw thrown;
  }
}

/** Tells a client that its caller lost its rights, and closes the connection. */
function refuseFurther(connection: SocketConnection, refusal: AppError): void {
  const { session } = connection;
  if (session && refusal.options.reason === "tenant_access_revoked") {
    const { userId: user_id, tenantId: tenant_id } = session.principal;
    connection.outbox.sendEvent("tenant.access.revoked", JSON.stringify({ user_id, tenant_id }));
  }
  connection.close(CLOSE.refused, "the caller lost its rights");
}
