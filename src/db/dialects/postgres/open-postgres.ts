import { CompiledQuery, Kysely, sql } from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { Secret } from "#base/secret.ts";
import { nextTurn } from "#base/threads/next-turn.ts";
import { type Database, type TenantDatabase, toSystemReads } from "#db/database.ts";
import { LimitedDialect } from "#db/dialects/postgres/limited-dialect.ts";
import { NO_LIMITS, takeLimits, toBegin } from "#db/dialects/postgres/limits.ts";
import { listenForNotices } from "#db/dialects/postgres/listen-for-notices.ts";
import { postgresPlanner } from "#db/dialects/postgres/planner.ts";
import { createPostgresPool, type PoolOptions } from "#db/dialects/postgres/pool.ts";
import { postgresTextSearch } from "#db/dialects/postgres/text-search.ts";
import { createFindNearest, storeSignsInPostgres } from "#db/dialects/postgres/vector-search.ts";
import { databaseUnavailable, isTransactionConflict } from "#db/errors.ts";
import { applyMigrations, listMissingMigrations } from "#db/migrate.ts";
import { StatementCache } from "#db/statement-cache.ts";
import type { Tables } from "#db/tables.ts";
import { type QueryHandle, TenantQueries, TenantReads } from "#db/tenant-queries.ts";

const MAX_TRIES = 5;
/** The key of the advisory lock for migrations: an arbitrary number, the same in every gateway. */
const MIGRATION_LOCK = 7_203_118_790;

export interface PostgresOptions {
  readonly url: Secret;
  /** The address of the connection that listens to other processes, if it is not `url`. */
  readonly listenUrl?: Secret | undefined;
  readonly size: number;
  /** Receives errors of idle and listening connections. No query reports these errors. */
  readonly onIdleError: (error: Error) => void;
}

/** Opens a database on a pool of connections. Needs no write queue, because the server groups commits itself. */
export function openPostgres({ url: secretUrl, listenUrl = secretUrl, size, onIdleError }: PostgresOptions): Database {
  const { url, limits } = takeLimits(secretUrl.reveal());
  const db = openPool({ url, limits, size, onIdleError });

  const statements = new StatementCache();
  const reads = toHandle(db, statements);
  const write: Write = (unit) => writeIn(db, unit);

  const forTenant = (tenantId: TenantId): TenantDatabase => ({
    tenantId,
    read: new TenantReads(reads, tenantId),
    // The server reads elsewhere anyway.
    reports: new TenantReads(reads, tenantId),
    write: (unit) => write((queries) => unit(new TenantQueries(toHandle(queries, statements), tenantId))),
    // The server syncs the commit to its disk before it answers.
    commitEarly: async (unit) => ({ value: await forTenant(tenantId).write(unit), durable: Promise.resolve() }),
  });

  return {
    dialect: "postgres",
    forTenant,
    system: () => ({
      dialect: "postgres",
      planner: postgresPlanner,
      read: toSystemReads(db),
      write,
      scope: (queries, tenantId) => new TenantQueries(toHandle(queries, statements), tenantId),
    }),
    listen: (listener) =>
      listenForNotices({ ...listener, url: takeLimits(listenUrl.reveal()).url, onError: onIdleError }),
    migrate: async (now) => {
      const unlimited = openPool({ url, limits: NO_LIMITS, size: 1, onIdleError });
      try {
        return await writeIn(unlimited, async (queries) => {
          await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(queries);
          return applyMigrations(queries, "postgres", now);
        });
      } finally {
        await unlimited.destroy();
      }
    },
    missingMigrations: () => listMissingMigrations(db),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    requireWrites: async () => {
      const { rows } = await sql<{ state: string }>`select current_setting('transaction_read_only') as state`.execute(
        db,
      );
      // A server in recovery reports itself as read-only too.
      if (rows[0]?.state !== "off") throw databaseUnavailable(new Error("the server is read-only"));
    },
    findDamage: async () => undefined,
    close: () => db.destroy(),
  };
}

type Write = <Value>(unit: (queries: Kysely<Tables>) => Promise<Value>) => Promise<Value>;

const openPool = (options: PoolOptions): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new LimitedDialect(createPostgresPool(options), toBegin(options.limits)) });

/** Runs a unit in a transaction. Runs it again if the server aborts it for the sake of another transaction. */
async function writeIn<Value>(db: Kysely<Tables>, unit: (queries: Kysely<Tables>) => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(unit);
    } catch (thrown) {
      if (tries === MAX_TRIES || !isTransactionConflict(thrown)) throw thrown;
    }
  }
}

function toHandle(db: Kysely<Tables>, statements: StatementCache): QueryHandle {
  const run: QueryHandle["run"] = async (sql, parameters) =>
    (await db.executeQuery(CompiledQuery.raw(sql, [...parameters]))).rows as never;
  return {
    dialect: "postgres",
    planner: postgresPlanner,
    textSearch: postgresTextSearch,
    vectors: { findNearest: createFindNearest(run), storeSigns: storeSignsInPostgres },
    statements,
    db,
    run,
    change: async (sql, parameters) =>
      Number((await db.executeQuery(CompiledQuery.raw(sql, [...parameters]))).numAffectedRows ?? 0),
    rest: nextTurn,
  };
}
