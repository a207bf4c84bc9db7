import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { Database, TenantDatabase } from "#db/database.ts";
import { createPostgresPool, type PoolOptions } from "#db/dialects/postgres/pool.ts";
import { isTransactionConflict } from "#db/errors.ts";
import { applyMigrations, listMissingMigrations } from "#db/migrate.ts";
import type { Tables } from "#db/tables.ts";
import { type QueryHandle, TenantQueries } from "#db/tenant-queries.ts";

const MAX_TRIES = 5;
/** Any number, the same in every gateway: it names the lock that migrations take. */
const MIGRATION_LOCK = 7_203_118_790;

/** A pool of connections; the server groups commits by itself. */
export function openPostgres(options: PoolOptions): Database {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPostgresPool(options) }) });

  const reads = toHandle(db);
  const write = async <Value>(unit: (queries: Kysely<Tables>) => Promise<Value>): Promise<Value> => {
    for (let tries = 1; ; tries++) {
      try {
        return await db.transaction().execute(unit);
      } catch (thrown) {
        if (tries === MAX_TRIES || !isTransactionConflict(thrown)) throw thrown;
      }
    }
  };

  const forTenant = (tenantId: TenantId): TenantDatabase => ({
    tenantId,
    read: new TenantQueries(reads, tenantId),
    write: (unit) => write((queries) => unit(new TenantQueries(toHandle(queries), tenantId))),
    // The server commits to the disk.
    writeAhead: async (unit) => ({ value: await forTenant(tenantId).write(unit), durable: Promise.resolve() }),
  });

  return {
    dialect: "postgres",
    forTenant,
    system: () => ({
      read: db,
      write,
      scope: (queries, tenantId) => new TenantQueries(toHandle(queries), tenantId),
    }),
    migrate: (now) =>
      write(async (queries) => {
        await liftTimeLimits(queries);
        await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(queries);
        return applyMigrations(queries, now);
      }),
    missingMigrations: () => listMissingMigrations(db),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}

/** Lifts the limits for this transaction: indexes of many rows take their time, and so does who waits for that. */
async function liftTimeLimits(queries: Kysely<Tables>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(queries);
  await sql`set local lock_timeout = 0`.execute(queries);
}

const toHandle = (db: Kysely<Tables>): QueryHandle => ({
  dialect: "postgres",
  db,
  run: async (sql, parameters) => (await db.executeQuery(CompiledQuery.raw(sql, [...parameters]))).rows as never,
  change: async (sql, parameters) =>
    Number((await db.executeQuery(CompiledQuery.raw(sql, [...parameters]))).numAffectedRows ?? 0),
});
