import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { AppError } from "#base/errors.ts";
import { type ConnectionLimits, toBegin } from "#db/dialects/postgres/limits.ts";
import { codeOf, databaseUnavailable } from "#db/errors.ts";

const INT8 = 20;

export interface PoolOptions {
  readonly url: string;
  readonly limits: ConnectionLimits;
  readonly size: number;
  /** Receives errors of idle connections. No query reports these errors. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * Creates a `pg` pool for Kysely. Throws `UNAVAILABLE` if the server cannot be reached. Connecting times out after 2 s.
 * The session begins without settings, and statements have no names, so a pooler may share its sessions.
 */
export function createPostgresPool({ url, limits, size, onIdleError }: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    Client: ClosingClient,
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  pool.on("error", onIdleError);

  return {
    connect: async () => guardClient(await mapConnectionLoss(pool.connect()), limits),
    end: () => pool.end(),
  };
}

/**
 * Closes its socket if the server refuses the login. `pg` leaves the socket to the server, whose timeout of a minute
 * would keep this process alive.
 */
class ClosingClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error | undefined) => void): void;
  override connect(callback?: (error: Error | undefined) => void): Promise<pg.Client> | undefined {
    if (callback === undefined) return super.connect();
    super.connect((error: Error | undefined) => {
      if (error) this.end().catch(() => {});
      callback(error);
    });
    return undefined;
  }
}

function guardClient(client: pg.PoolClient, limits: ConnectionLimits): PostgresPoolClient {
  const begin = toBegin(limits);
  // The server limits the statements of a transaction. The client limits the others.
  let query_timeout: number | undefined = limits.statement_timeout;
  let failure: Error | undefined;
  // The pool listens to idle connections only. Without a listener, the loss of a used one would end the process.
  const onLoss = (error: Error) => {
    failure ??= error;
  };
  client.on("error", onLoss);
  const guarded = {
    query: async (text: string, parameters: readonly unknown[]) => {
      if (text === begin) query_timeout = undefined;
      const query = { text, values: parameters.map(withoutNul), query_timeout };
      try {
        return await mapConnectionLoss(client.query(query));
      } catch (thrown) {
        if (thrown instanceof AppError) failure = thrown;
        throw thrown;
      }
    },
    // An error removes a broken connection from the pool. Otherwise it would serve the next caller.
    release: () => {
      client.off("error", onLoss);
      client.release(failure);
    },
  };
  return guarded as unknown as PostgresPoolClient;
}

/** Replaces U+0000 by U+FFFD. Models and callers may send it, but Postgres cannot store it in text. */
const withoutNul = (value: unknown): unknown =>
  typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;

async function mapConnectionLoss<Value>(attempt: Promise<Value>): Promise<Value> {
  try {
    return await attempt;
  } catch (thrown) {
    if (isConnectionLoss(thrown)) throw databaseUnavailable(thrown);
    throw thrown;
  }
}

// Connection exceptions (08), operator intervention (57P), too many connections (53), read-only after a failover
// (25006).
const LOST_STATES = [/^08/, /^57P/, /^53/, /^25006$/, /^E[A-Z]+$/, /^CONNECTION_/];
const LOST_MESSAGES = [
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Connection terminated",
  "Client has encountered",
];

function isConnectionLoss(thrown: unknown): boolean {
  const message = thrown instanceof Error ? thrown.message : "";
  return (
    LOST_STATES.some((pattern) => pattern.test(codeOf(thrown))) || LOST_MESSAGES.some((text) => message.includes(text))
  );
}
