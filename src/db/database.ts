import type { Kysely } from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { NoticeListener } from "#db/notices.ts";
import type { Planner } from "#db/planner.ts";
import type { Tables } from "#db/tables.ts";
import type { Dialect, TenantQueries, TenantReads } from "#db/tenant-queries.ts";

/** One tenant's access to the database. */
export interface TenantDatabase {
  readonly tenantId: TenantId;
  /** Reads committed rows. */
  readonly read: TenantReads;
  /** Like `read`, for queries that visit many rows. They run outside the event loop, where tenants take turns. */
  readonly reports: TenantReads;
  /**
   * Runs a unit of writes in one transaction. Resolves when the transaction is durable. The unit awaits only its own
   * queries. It may run again from its beginning, so it has no effect outside the database. It throws refusals before
   * its first write, because a throw after a write makes other units of the same batch run again.
   */
  write<Value>(unit: (queries: TenantQueries) => Promise<Value>): Promise<Value>;
  /** Like `write`, but resolves at the commit. For work that may start before the value is durable. */
  commitEarly<Value>(unit: (queries: TenantQueries) => Promise<Value>): Promise<Committed<Value>>;
}

/** A committed value. It survives a crash of this process. A power loss may undo it until `durable` resolves. */
export interface Committed<Value> {
  readonly value: Value;
  /** Resolves when the value is durable. Rejects if the disk failed. */
  readonly durable: Promise<unknown>;
}

/** Reads of every tenant's rows. This handle has no way to write. */
export type SystemReads = Pick<Kysely<Tables>, "selectFrom">;

/** Returns only the way to read of a connection, so that no cast finds another. */
export const toSystemReads = (db: Kysely<Tables>): SystemReads => ({ selectFrom: db.selectFrom.bind(db) });

/** Access to the data of all tenants. `architecture.test.ts` lists the few files that may use it. */
export interface SystemDatabase {
  readonly dialect: Dialect;
  readonly planner: Planner;
  readonly read: SystemReads;
  write<Value>(unit: (queries: Kysely<Tables>) => Promise<Value>): Promise<Value>;
  /** Narrows a transaction of this handle to one tenant. */
  scope(queries: Kysely<Tables>, tenantId: TenantId): TenantQueries;
}

export interface Database {
  readonly dialect: Dialect;
  forTenant(tenantId: TenantId): TenantDatabase;
  /** Returns the handle for all tenants. `reason` documents in the code why the caller needs it. */
  system(reason: string): SystemDatabase;
  /** Listens to other processes until the returned function is called. A SQLite database has one process. */
  listen(listener: NoticeListener): () => Promise<void>;
  /** Applies missing migrations and returns their names. */
  migrate(now: Date): Promise<readonly string[]>;
  /** Returns the names of missing migrations. Throws `NewerDatabaseError` if a later release made the database. */
  missingMigrations(): Promise<readonly string[]>;
  /** Resolves if the database responds. Throws `UNAVAILABLE` otherwise. */
  ping(): Promise<void>;
  /** Throws `UNAVAILABLE` if the database takes no writes now. */
  requireWrites(): Promise<void>;
  /** Reads every page, and returns what the first damage is. Undefined if there is none, or the server checks itself. */
  findDamage(): Promise<string | undefined>;
  close(): Promise<void>;
}
