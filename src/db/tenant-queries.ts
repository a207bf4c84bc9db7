import type {
  DeleteQueryBuilder,
  DeleteResult,
  Insertable,
  InsertQueryBuilder,
  InsertResult,
  Kysely,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  UpdateResult,
} from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";

/** The tables whose every row belongs to exactly one tenant. */
export type TenantTable = Exclude<keyof Tables, "tenants" | "api_keys">;

export type Dialect = "sqlite" | "postgres";

/** A row without the tenant, which the scoped handle adds. */
export type NewRow<Table extends TenantTable> = Omit<Insertable<Tables[Table]>, "tenant_id">;

/** Rows of `Table` alone, with nothing selected yet. */
export type Select<Table extends TenantTable> = SelectQueryBuilder<Tables, Table, object>;

/** One connection, or one transaction on it, for queries of any tenant. */
export interface QueryHandle {
  readonly dialect: Dialect;
  readonly db: Kysely<Tables>;
  /** Runs a statement that is compiled already, without Kysely's own steps on the way. */
  readonly run: <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;
  /** The same for a statement that gives no rows: how many it changed. */
  readonly change: (sql: string, parameters: readonly unknown[]) => Promise<number>;
}

/**
 * Queries that cannot leave one tenant: each begins with the tenant's predicate, each new row carries its id.
 * Features and the run engine have no other way to the database.
 */
export class TenantQueries {
  readonly tenantId: TenantId;
  readonly #handle: QueryHandle;

  constructor(handle: QueryHandle, tenantId: TenantId) {
    this.#handle = handle;
    this.tenantId = tenantId;
  }

  get #db(): Kysely<Tables> {
    return this.#handle.db;
  }

  get dialect(): Dialect {
    return this.#handle.dialect;
  }

  selectFrom<Table extends TenantTable>(table: Table): Select<Table> {
    const name = anyName(table);
    return asSelect<Table>(this.#db.selectFrom(name).where(`${name}.tenant_id`, "=", this.tenantId));
  }

  /** Also locks the rows until the transaction ends, where the database has more than one writer. */
  selectForUpdate<Table extends TenantTable>(table: Table): Select<Table> {
    const query = this.selectFrom(table);
    return this.dialect === "postgres" ? query.forUpdate() : query;
  }

  insertInto<Table extends TenantTable>(
    table: Table,
    rows: NewRow<Table> | readonly NewRow<Table>[],
  ): InsertQueryBuilder<Tables, Table, InsertResult> {
    const list: readonly object[] = Array.isArray(rows) ? rows : [rows];
    const complete = list.map((row) => ({ ...row, tenant_id: this.tenantId }));
    return asInsert<Table>(this.#db.insertInto(anyName(table)).values(complete as never));
  }

  updateTable<Table extends TenantTable>(table: Table): UpdateQueryBuilder<Tables, Table, Table, UpdateResult> {
    return asUpdate<Table>(this.#db.updateTable(anyName(table)).where("tenant_id", "=", this.tenantId));
  }

  deleteFrom<Table extends TenantTable>(table: Table): DeleteQueryBuilder<Tables, Table, DeleteResult> {
    return asDelete<Table>(this.#db.deleteFrom(anyName(table)).where("tenant_id", "=", this.tenantId));
  }

  /** The same connection for another tenant; for `db/` alone, as `handleOf` is. */
  static scopeTo(queries: TenantQueries, tenantId: TenantId): TenantQueries {
    return new TenantQueries(queries.#handle, tenantId);
  }

  /** For the few statements of `db/` itself that the builders above cannot express; they add the predicate themselves. */
  static handleOf(queries: TenantQueries): QueryHandle {
    return queries.#handle;
  }
}

// Kysely follows a table name only while it is a literal. Every tenant table has a `tenant_id`, so that one of them
// stands for all while the predicate is built; the casts below give the caller its own table back.
const anyName = (table: TenantTable) => table as "agents";
const asSelect = <Table extends TenantTable>(query: unknown) => query as Select<Table>;
const asInsert = <Table extends TenantTable>(query: unknown) =>
  query as InsertQueryBuilder<Tables, Table, InsertResult>;
const asUpdate = <Table extends TenantTable>(query: unknown) =>
  query as UpdateQueryBuilder<Tables, Table, Table, UpdateResult>;
const asDelete = <Table extends TenantTable>(query: unknown) =>
  query as DeleteQueryBuilder<Tables, Table, DeleteResult>;
