import type { Kysely } from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";
import type { Dialect, TenantQueries } from "#db/tenant-queries.ts";

/** What one tenant's code may do with the database. */
export interface TenantDatabase {
  readonly tenantId: TenantId;
  /** Reads of what is committed. */
  readonly read: TenantQueries;
  /**
   * Runs `unit` in one transaction and resolves when it is durable. The unit awaits nothing but its own queries and
   * may run again from its beginning, so it has no effect outside the database.
   */
  write<Value>(unit: (queries: TenantQueries) => Promise<Value>): Promise<Value>;
  /** The same for whoever can go on meanwhile, as long as nobody hears of it: resolves when the unit is committed. */
  writeAhead<Value>(unit: (queries: TenantQueries) => Promise<Value>): Promise<Committed<Value>>;
}

/** What is committed, and survives a crash of this process, but perhaps not yet a loss of power. */
export interface Committed<Value> {
  readonly value: Value;
  /** Resolves when it is durable; rejects when the disk failed. */
  readonly durable: Promise<unknown>;
}

/** A handle that sees all tenants, for the few places that have to: architecture.test.ts lists them. */
export interface SystemDatabase {
  readonly read: Kysely<Tables>;
  write<Value>(unit: (queries: Kysely<Tables>) => Promise<Value>): Promise<Value>;
  /** The tenant's queries inside a transaction of this handle. */
  scope(queries: Kysely<Tables>, tenantId: TenantId): TenantQueries;
}

export interface Database {
  readonly dialect: Dialect;
  forTenant(tenantId: TenantId): TenantDatabase;
  /** `reason` says in the code why this place must see all tenants. */
  system(reason: string): SystemDatabase;
  /** Applies missing migrations and returns their names. */
  migrate(now: Date): Promise<readonly string[]>;
  /** The names of the migrations that it lacks. Throws `NewerDatabaseError` where it is ahead of this release. */
  missingMigrations(): Promise<readonly string[]>;
  /** Resolves when the database answers, else throws UNAVAILABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
