import { Database as BunDatabase } from "bun:sqlite";
import { type Database, toSystemReads } from "#db/database.ts";
import { createSqlRunner, isReadStatement, type SqlRunner, toQueryHandle } from "#db/dialects/sqlite/connection.ts";
import { toSqliteError, untilUnlocked } from "#db/dialects/sqlite/failures.ts";
import { FileIdentity } from "#db/dialects/sqlite/file-identity.ts";
import { LogCheckpoints } from "#db/dialects/sqlite/log-checkpoints.ts";
import { sqlitePlanner } from "#db/dialects/sqlite/planner.ts";
import { ReportReader } from "#db/dialects/sqlite/report-reader.ts";
import { WalSync } from "#db/dialects/sqlite/wal-sync.ts";
import { WriteQueue } from "#db/dialects/sqlite/write-queue.ts";
import { databaseUnavailable, isDatabaseFault } from "#db/errors.ts";
import { applyMigrations, listMissingMigrations } from "#db/migrate.ts";
import { TenantQueries, TenantReads } from "#db/tenant-queries.ts";

const PRAGMAS = [
  "journal_mode = WAL",
  // `WalSync` syncs the log after each commit.
  "synchronous = NORMAL",
  "foreign_keys = ON",
  // Until the database is open. A later wait would block the event loop.
  "busy_timeout = 5000",
  // In pages, which is 1 GiB. `LogCheckpoints` copies the log back long before that, without blocking the event loop.
  "wal_autocheckpoint = 262144",
  // A savepoint that touches more than 64 KiB would otherwise write its copies to a file.
  "temp_store = MEMORY",
  // In KiB, allocated on demand. Inserts read the same index pages repeatedly.
  "cache_size = -4096",
];

/** How long a stored write proves that the disk takes more, in milliseconds. */
const FRESH_MS = 500;

/** Opens or creates the file with two connections: one writer behind a queue, and one read-only connection. */
export function openSqlite(path: string): Database {
  const writer = new BunDatabase(path, { create: true });
  for (const pragma of PRAGMAS) writer.run(`PRAGMA ${pragma}`);
  const reader = new BunDatabase(path, { readonly: true });

  const [onWriter, onReader] = [createSqlRunner(writer), createSqlRunner(reader)];
  const writes = toQueryHandle(onWriter, { rest: () => queue.rest() });
  const reads = toQueryHandle(routeReads(writer, onWriter, onReader), { attempt: untilUnlocked });
  // SQLite creates the log at the first read.
  reader.query("select count(*) from sqlite_schema").get();
  const sync = new WalSync(path);
  const file = new FileIdentity(path);
  const checkpoints = new LogCheckpoints(file);
  const reports = new ReportReader(file);
  const queue = new WriteQueue(writer, onWriter, writes, { file, sync, checkpoints });
  writer.run("PRAGMA busy_timeout = 0");

  return {
    dialect: "sqlite",
    forTenant: (tenantId) => ({
      tenantId,
      read: new TenantReads(reads, tenantId),
      get reports() {
        return reports.forTenant(tenantId);
      },
      write: (unit) => queue.run((handle) => unit(new TenantQueries(handle, tenantId))),
      commitEarly: (unit) => queue.commitEarly((handle) => unit(new TenantQueries(handle, tenantId))),
    }),
    system: () => ({
      dialect: "sqlite",
      planner: sqlitePlanner,
      read: toSystemReads(reads.db),
      write: (unit) => queue.run(({ db }) => unit(db)),
      scope: (_, tenantId) => new TenantQueries(writes, tenantId),
    }),
    listen: () => async () => {},
    migrate: (now) => queue.run(({ db }) => applyMigrations(db, "sqlite", now)),
    missingMigrations: () => listMissingMigrations(reads.db),
    ping: async () => {
      try {
        reader.query("select 1").get();
      } catch (thrown) {
        throw databaseUnavailable(thrown);
      }
    },
    requireWrites: async () => {
      await file.check();
      if (performance.now() - queue.storedAt < FRESH_MS) return;
      // Writes one page of the log, which changes nothing.
      await queue.run(async (handle) => handle.change("PRAGMA user_version = 0", []));
    },
    findDamage: async () => {
      const answer = reader.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").get();
      return answer?.quick_check === "ok" ? undefined : (answer?.quick_check ?? "no answer");
    },
    close: async () => {
      await queue.drain();
      // SQLite leaves an empty log beside the file if another connection is open at the end.
      await checkpoints.close();
      await reports.close();
      sync.close();
      onReader.close();
      reader.close();
      leaveNoLog(writer);
      onWriter.close();
      writer.close();
    },
  };
}

/**
 * Copies the whole log into the file, so that the file alone is the database. If that fails, the next start reads the
 * log.
 */
function leaveNoLog(writer: BunDatabase): void {
  try {
    writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (thrown) {
    if (!isDatabaseFault(toSqliteError(thrown))) throw thrown;
  }
}

/**
 * Runs reads on the writer's connection while no transaction is open there. The writer's cache stays warm, whereas the
 * reader discards its pages after every commit. Everything else goes to the reader, which sees committed rows and
 * refuses writes.
 */
function routeReads(writer: BunDatabase, onWriter: SqlRunner, onReader: SqlRunner): SqlRunner {
  const runnerFor = (sql: string) => (!writer.inTransaction && isReadStatement(sql) ? onWriter : onReader);
  return {
    returnsRows: (sql) => runnerFor(sql).returnsRows(sql),
    rows: (sql, parameters) => runnerFor(sql).rows(sql, parameters),
    change: (sql, parameters) => runnerFor(sql).change(sql, parameters),
  };
}
