import { Database as BunDatabase } from "bun:sqlite";
import { Kysely } from "kysely";
import type { Database } from "#db/database.ts";
import { bunSqliteDialect } from "#db/dialects/sqlite/connection.ts";
import { WriteQueue } from "#db/dialects/sqlite/write-queue.ts";
import { databaseUnavailable } from "#db/errors.ts";
import { applyMigrations, listMissingMigrations } from "#db/migrate.ts";
import type { Tables } from "#db/tables.ts";
import { TenantQueries } from "#db/tenant-queries.ts";

/** Opens the file, makes it when missing: one writer behind a queue, one read-only connection on the WAL beside it. */
export function openSqlite(path: string): Database {
  const writer = new BunDatabase(path, { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"]) {
    writer.run(`PRAGMA ${pragma}`);
  }
  const reader = new BunDatabase(path, { readonly: true });
  reader.run("PRAGMA busy_timeout = 5000");

  const writes = new Kysely<Tables>({ dialect: bunSqliteDialect(writer) });
  const reads = new Kysely<Tables>({ dialect: bunSqliteDialect(reader) });
  const queue = new WriteQueue(writer, writes);

  return {
    dialect: "sqlite",
    forTenant: (tenantId) => ({
      tenantId,
      read: new TenantQueries(reads, tenantId, "sqlite"),
      write: (unit) => queue.run((queries) => unit(new TenantQueries(queries, tenantId, "sqlite"))),
    }),
    system: () => ({
      read: reads,
      write: (unit) => queue.run(unit),
      scope: (queries, tenantId) => new TenantQueries(queries, tenantId, "sqlite"),
    }),
    migrate: (now) => queue.run((queries) => applyMigrations(queries, now)),
    missingMigrations: () => listMissingMigrations(reads),
    ping: async () => {
      try {
        reader.query("select 1").get();
      } catch (thrown) {
        throw databaseUnavailable(thrown);
      }
    },
    close: async () => {
      await queue.drain();
      reader.close();
      writer.close();
    },
  };
}
