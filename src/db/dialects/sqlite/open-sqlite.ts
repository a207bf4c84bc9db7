import { Database as BunDatabase } from "bun:sqlite";
import type { Database } from "#db/database.ts";
import { createSqlRunner, type SqlRunner, toQueryHandle } from "#db/dialects/sqlite/connection.ts";
import { LogCheckpoints } from "#db/dialects/sqlite/log-checkpoints.ts";
import { WalSync } from "#db/dialects/sqlite/wal-sync.ts";
import { WriteQueue } from "#db/dialects/sqlite/write-queue.ts";
import { databaseUnavailable } from "#db/errors.ts";
import { applyMigrations, listMissingMigrations } from "#db/migrate.ts";
import { TenantQueries } from "#db/tenant-queries.ts";

const PRAGMAS = [
  "journal_mode = WAL",
  // The log is synced after each commit by `WalSync`.
  "synchronous = NORMAL",
  "foreign_keys = ON",
  "busy_timeout = 5000",
  // In pages: `LogCheckpoints` copies the log back long before it has 256 MiB.
  "wal_autocheckpoint = 64000",
  // Otherwise a savepoint that touches more than 64 KiB writes its copies into a file.
  "temp_store = MEMORY",
  // In KiB, taken as it is needed: the index pages that new rows join are read again and again.
  "cache_size = -32768",
];

/** Opens the file, makes it when missing: one writer behind a queue, one read-only connection on the WAL beside it. */
export function openSqlite(path: string): Database {
  const writer = new BunDatabase(path, { create: true });
  for (const pragma of PRAGMAS) writer.run(`PRAGMA ${pragma}`);
  const reader = new BunDatabase(path, { readonly: true });
  reader.run("PRAGMA busy_timeout = 5000");

  const onWriter = createSqlRunner(writer);
  const writes = toQueryHandle(onWriter);
  const reads = toQueryHandle(readBeside(writer, onWriter, createSqlRunner(reader)));
  // The log is there once something has been read.
  reader.query("select count(*) from sqlite_schema").get();
  const sync = new WalSync(path);
  const checkpoints = new LogCheckpoints(path);
  const queue = new WriteQueue(writer, writes, { sync, checkpoints });

  return {
    dialect: "sqlite",
    forTenant: (tenantId) => ({
      tenantId,
      read: new TenantQueries(reads, tenantId),
      write: (unit) => queue.run((handle) => unit(new TenantQueries(handle, tenantId))),
      writeAhead: (unit) => queue.runAhead((handle) => unit(new TenantQueries(handle, tenantId))),
    }),
    system: () => ({
      read: reads.db,
      write: (unit) => queue.run(({ db }) => unit(db)),
      scope: (_, tenantId) => new TenantQueries(writes, tenantId),
    }),
    migrate: (now) => queue.run(({ db }) => applyMigrations(db, now)),
    missingMigrations: () => listMissingMigrations(reads.db),
    ping: async () => {
      try {
        reader.query("select 1").get();
      } catch (thrown) {
        throw databaseUnavailable(thrown);
      }
    },
    close: async () => {
      await queue.drain();
      await checkpoints.close();
      sync.close();
      reader.close();
      writer.close();
    },
  };
}

const READS = /^\s*(?:select|with)\b/i;

/**
 * Reads go through the writer's connection while it has no transaction open: its cache stays warm, whereas the reader
 * forgets all pages after every commit. Everything else is the reader's, which sees what is committed and refuses writes.
 */
function readBeside(writer: BunDatabase, onWriter: SqlRunner, onReader: SqlRunner): SqlRunner {
  const runnerFor = (sql: string) => (!writer.inTransaction && READS.test(sql) ? onWriter : onReader);
  return {
    givesRows: (sql) => runnerFor(sql).givesRows(sql),
    rows: (sql, parameters) => runnerFor(sql).rows(sql, parameters),
    change: (sql, parameters) => runnerFor(sql).change(sql, parameters),
  };
}
