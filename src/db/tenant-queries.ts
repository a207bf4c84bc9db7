import {
  type AliasableExpression,
  type DeleteQueryBuilder,
  type DeleteResult,
  type Expression,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type Kysely,
  type Selectable,
  type SelectQueryBuilder,
  sql,
  type UpdateQueryBuilder,
  type UpdateResult,
} from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { TextSearch } from "#db/memory/text-search.ts";
import type { VectorSearch } from "#db/memory/vector-search.ts";
import type { Planner } from "#db/planner.ts";
import type { StatementCache } from "#db/statement-cache.ts";
import type { Tables } from "#db/tables.ts";

/** The tables in which every row belongs to exactly one tenant. */
export type TenantTable = Exclude<keyof Tables, "tenants" | "api_keys" | "nodes">;

export type Dialect = "sqlite" | "postgres";

/** A row without its tenant. The scoped handle adds the tenant. */
export type NewRow<Table extends TenantTable> = Omit<Insertable<Tables[Table]>, "tenant_id">;

/** A query on the rows of `Table` that selects nothing yet. */
export type Select<Table extends TenantTable> = SelectQueryBuilder<Tables, Table, object>;

/** A connection, or a transaction on it, for queries of any tenant. */
export interface QueryHandle {
  readonly dialect: Dialect;
  readonly db: Kysely<Tables>;
  readonly planner: Planner;
  readonly textSearch: TextSearch;
  readonly vectors: VectorSearch;
  /** The compiled statements of this database. */
  readonly statements: StatementCache;
  /** Runs a compiled statement without Kysely's own overhead. */
  readonly run: <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;
  /** Runs a compiled statement that returns no rows. Resolves to the number of changed rows. */
  readonly change: (sql: string, parameters: readonly unknown[]) => Promise<number>;
  /** Lets others have the event loop within a unit of writes. They see nothing of it, and write after it. */
  readonly rest: () => Promise<void>;
}

/** Reads inside one tenant. Every query starts with the tenant's predicate. This handle has no way to write. */
export class TenantReads {
  readonly tenantId: TenantId;
  readonly #handle: QueryHandle;

  constructor(handle: QueryHandle, tenantId: TenantId) {
    this.#handle = handle;
    this.tenantId = tenantId;
  }

  get dialect(): Dialect {
    return this.#handle.dialect;
  }

  get planner(): Planner {
    return this.#handle.planner;
  }

  selectFrom<Table extends TenantTable>(table: Table): Select<Table> {
    const name = anyName(table);
    return asSelect<Table>(this.#handle.db.selectFrom(name).where(`${name}.tenant_id`, "=", this.tenantId));
  }

  /** Selects from a query of this handle as from a table named `rows`. */
  selectFromQuery<Row>(query: AliasableExpression<Row>): SelectQueryBuilder<{ rows: Row }, "rows", object> {
    // Safe: the alias is the only table that the new query can name.
    return this.#handle.db.selectFrom(query.as("rows")) as unknown as SelectQueryBuilder<{ rows: Row }, "rows", object>;
  }

  /** Like `selectFromQuery`, beside another query as the table `others`. Both are read only once. */
  selectFromQueries<Row>(
    query: AliasableExpression<Row>,
    others: Expression<unknown>,
  ): SelectQueryBuilder<{ rows: Row }, "rows", object> {
    return this.#handle.db
      .with(
        (table) => table("others").materialized(),
        () => others as Expression<object>,
      )
      .with(
        (table) => table("rows").materialized(),
        (db) => db.selectFrom(query.as("made")).selectAll(),
      )
      .selectFrom("rows") as unknown as SelectQueryBuilder<{ rows: Row }, "rows", object>;
  }

  /** Returns the handle for statements of `db/` that the builders cannot express. They add the predicate themselves. */
  static handleOf(queries: TenantReads): QueryHandle {
    return queries.#handle;
  }
}

/**
 * Reads and writes inside one tenant. Every query starts with the tenant's predicate, and every new row has its id.
 * Only a unit of writes receives this handle.
 */
export class TenantQueries extends TenantReads {
  get #db(): Kysely<Tables> {
    return TenantReads.handleOf(this).db;
  }

  /** Like `handleOf`, for statements that write. Throws if the handle is one for reads, whatever its type says. */
  static writerOf(queries: TenantQueries): QueryHandle {
    if (queries instanceof TenantQueries) return TenantReads.handleOf(queries);
    throw new Error("a handle for reads was asked to write");
  }

  /** Lets others have the event loop. A unit that writes megabytes calls it every few milliseconds. */
  rest(): Promise<void> {
    return TenantQueries.writerOf(this).rest();
  }

  /** Selects rows and locks them until the transaction ends. SQLite needs no lock, because it has only one writer. */
  selectForUpdate<Table extends TenantTable>(table: Table): Select<Table> {
    const query = this.selectFrom(table);
    return this.dialect === "postgres" ? query.forUpdate() : query;
  }

  /** Waits until no other transaction of the tenant has the turn of this name, and has it until the transaction ends. */
  async takeTurn(name: string): Promise<void> {
    if (this.dialect === "sqlite") return;
    const turn = `${this.tenantId} ${name}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`.execute(this.#db);
  }

  insertInto<Table extends TenantTable>(
    table: Table,
    rows: NewRow<Table> | readonly NewRow<Table>[],
  ): InsertQueryBuilder<Tables, Table, InsertResult> {
    const list: readonly object[] = Array.isArray(rows) ? rows : [rows];
    const complete = list.map((row) => ({ ...row, tenant_id: this.tenantId }));
    return asInsert<Table>(this.#db.insertInto(anyName(table)).values(complete as never));
  }

  /** Returns the row with these key columns, locked like those of `selectForUpdate`. A missing row is inserted first. */
  async insertOrLock<Table extends TenantTable>(
    table: Table,
    row: NewRow<Table>,
    key: readonly (keyof NewRow<Table> & string)[],
  ): Promise<Selectable<Tables[Table]>> {
    await this.insertInto(table, row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const found = key.reduce(
      (query, column) => query.where(asColumn(column), "=", row[column] as never),
      asSelect<"agents">(this.selectForUpdate(table).selectAll()),
    );
    return (await found.executeTakeFirstOrThrow()) as Selectable<Tables[Table]>;
  }

  updateTable<Table extends TenantTable>(table: Table): UpdateQueryBuilder<Tables, Table, Table, UpdateResult> {
    return asUpdate<Table>(this.#db.updateTable(anyName(table)).where("tenant_id", "=", this.tenantId));
  }

  deleteFrom<Table extends TenantTable>(table: Table): DeleteQueryBuilder<Tables, Table, DeleteResult> {
    return asDelete<Table>(this.#db.deleteFrom(anyName(table)).where("tenant_id", "=", this.tenantId));
  }
}

// Kysely tracks a table name only while it is a literal. Every tenant table has a `tenant_id`, so the predicate is
// built for one table in place of all. The casts below restore the caller's table.
const anyName = (table: TenantTable) => table as "agents";
const asColumn = (column: string) => column as keyof Tables["agents"];
const asSelect = <Table extends TenantTable>(query: unknown) => query as Select<Table>;
const asInsert = <Table extends TenantTable>(query: unknown) =>
  query as InsertQueryBuilder<Tables, Table, InsertResult>;
const asUpdate = <Table extends TenantTable>(query: unknown) =>
  query as UpdateQueryBuilder<Tables, Table, Table, UpdateResult>;
const asDelete = <Table extends TenantTable>(query: unknown) =>
  query as DeleteQueryBuilder<Tables, Table, DeleteResult>;
