import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { abandon, ClosingClient, processIdOf } from "#db/dialects/postgres/closing-client.ts";
import { isConnectionLoss, toPostgresError } from "#db/dialects/postgres/failures.ts";
import { type ConnectionLimits, toBegin } from "#db/dialects/postgres/limits.ts";
import { probeServer } from "#db/dialects/postgres/probe-server.ts";
import { SilenceWatch } from "#db/dialects/postgres/silence-watch.ts";
import { databaseUnavailable } from "#db/errors.ts";

const INT8 = 20;
/** The time to connect, and to wait for a free connection, in milliseconds. */
const CONNECT_MS = 2_000;
/** The time that connections get to end in an orderly way, in milliseconds. */
const END_MS = 1_000;
/** How much longer than the server the client waits for a statement of a transaction, in milliseconds. */
const GRACE_MS = 2_000;

export interface PoolOptions {
  readonly url: string;
  readonly limits: ConnectionLimits;
  readonly size: number;
  /** Receives errors of idle connections. No query reports these errors. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * Creates a `pg` pool for Kysely. Throws `UNAVAILABLE` if the server cannot be reached. Connecting times out after 2 s.
 * A server that becomes silent is noticed within 2 s, and its connections are abandoned. The session begins without
 * settings, and statements have no names, so a pooler may share its sessions.
 */
export function createPostgresPool({ url, limits, size, onIdleError }: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    Client: ClosingClient,
    connectionString: url,
    max: size,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  pool.on("error", onIdleError);
  const clients = new Set<pg.PoolClient>();
  const used = new Set<pg.PoolClient>();
  pool.on("connect", (client) => void clients.add(client));
  pool.on("acquire", (client) => void used.add(client));
  pool.on("release", (_, client) => void used.delete(client));
  pool.on("remove", (client) => void clients.delete(client));

  const abandoned = new Set<number>();
  const leave = (client: pg.PoolClient) => {
    const processId = processIdOf(client);
    if (processId !== undefined) abandoned.add(processId);
    abandon(client);
  };
  const watch = new SilenceWatch({
    probe: async () => {
      const left = [...abandoned];
      const answer = await probeServer(url, left);
      if (!answer.isSilent) for (const processId of left) abandoned.delete(processId);
      return answer;
    },
    onSilence: () => clients.forEach(leave),
    // What lost one connection may have lost others, and the next callers would get them.
    onLoss: () => clients.difference(used).forEach(leave),
  });

  return {
    connect: async () => {
      const client = await acquire(pool, watch);
      return guardClient(client, limits, watch, () => leave(client));
    },
    end: async () => {
      watch.close();
      // A server that does not answer would never let its connections end.
      setTimeout(() => clients.forEach(abandon), END_MS).unref();
      await pool.end();
    },
  };
}

/** Returns a connection. Throws `UNAVAILABLE` if the server is silent or refuses it. */
async function acquire(pool: pg.Pool, watch: SilenceWatch): Promise<pg.PoolClient> {
  if (watch.isSilent) throw databaseUnavailable(SILENT);
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const waiting = { processId: undefined, giveUp: () => reject(databaseUnavailable(SILENT)) };
  const acquiring = pool.connect();
  watch.begin(waiting);
  try {
    return await Promise.race([acquiring, silence]);
  } catch (thrown) {
    acquiring.then(
      (client) => client.release(),
      () => {},
    );
    throw toPostgresError(thrown);
  } finally {
    watch.end(waiting);
  }
}

const SILENT = new Error("the server is silent");

function guardClient(
  client: pg.PoolClient,
  limits: ConnectionLimits,
  watch: SilenceWatch,
  leave: () => void,
): PostgresPoolClient {
  const processId = processIdOf(client);
  const begin = toBegin(limits);
  let query_timeout = limits.statement_timeout;
  let failure: Error | undefined;
  // The pool listens to idle connections only. Without a listener, the loss of a used one would end the process.
  const onLoss = (error: Error) => {
    failure ??= error;
  };
  client.on("error", onLoss);
  const guarded = {
    query: async (text: string, parameters: readonly unknown[]) => {
      // The server limits the statements of a transaction by itself, except for its commit.
      if (text === begin && query_timeout > 0) query_timeout += GRACE_MS;
      const waiting = { processId, giveUp: leave };
      watch.begin(waiting);
      const query = { text, values: parameters.map(withoutNul), query_timeout };
      try {
        return await client.query(query);
      } catch (thrown) {
        if (thrown instanceof Error && isConnectionLoss(thrown)) failure = thrown;
        throw toPostgresError(thrown);
      } finally {
        watch.end(waiting);
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
