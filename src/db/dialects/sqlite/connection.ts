import type { Database as BunDatabase, SQLQueryBindings, Statement } from "bun:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type LimitNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from "kysely";
import type { Tables } from "#db/tables.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

const MAX_STATEMENTS = 500;

/** Runs statements at once and in the caller's turn. */
export interface SqlRunner {
  /** Whether a statement gives rows, or only says how many it changed. */
  givesRows(sql: string): boolean;
  rows<Row>(sql: string, parameters: readonly unknown[]): Row[];
  change(sql: string, parameters: readonly unknown[]): number;
}

interface Prepared {
  readonly statement: Statement;
  readonly givesRows: boolean;
}

/** Statements on one open database, each compiled once. */
export function createSqlRunner(database: BunDatabase): SqlRunner {
  const statements = new Map<string, Prepared>();
  // The oldest makes room: it is compiled anew should it be run again.
  const makeRoom = () => {
    for (const [sql, { statement }] of statements) {
      if (statements.size < MAX_STATEMENTS) return;
      statement.finalize();
      statements.delete(sql);
    }
  };
  const prepare = (sql: string): Prepared => {
    makeRoom();
    const statement = database.prepare(sql);
    const prepared = { statement, givesRows: statement.columnNames.length > 0 };
    statements.set(sql, prepared);
    return prepared;
  };

  const find = (sql: string): Prepared => statements.get(sql) ?? prepare(sql);

  return {
    givesRows: (sql) => find(sql).givesRows,
    rows: <Row>(sql: string, parameters: readonly unknown[]) =>
      find(sql).statement.all(...(parameters as SQLQueryBindings[])) as Row[],
    change: (sql, parameters) => find(sql).statement.run(...(parameters as SQLQueryBindings[])).changes,
  };
}

/** Queries over such statements. */
export const toQueryHandle = (runner: SqlRunner): QueryHandle => ({
  dialect: "sqlite",
  db: new Kysely<Tables>({ dialect: bunSqliteDialect(runner) }),
  run: async (sql, parameters) => runner.rows(sql, parameters),
  change: async (sql, parameters) => runner.change(sql, parameters),
});

/**
 * A Kysely dialect over such statements. They need no lock; whoever opens a transaction must not let others in between.
 */
function bunSqliteDialect(runner: SqlRunner): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      if (runner.givesRows(sql)) return { rows: runner.rows<Row>(sql, parameters) };
      return { rows: [], numAffectedRows: BigInt(runner.change(sql, parameters)) };
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for a generator; nothing here streams rows.
    async *streamQuery() {
      throw new Error("bun:sqlite does not stream rows");
    },
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new PlannedOnceCompiler(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: async () => refuseTransaction(),
      commitTransaction: async () => refuseTransaction(),
      rollbackTransaction: async () => refuseTransaction(),
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
  };
}

/** Writes limits into the statement: SQLite plans one with a bound limit anew each time it runs, which takes longer than running it. */
class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const value = ValueNode.is(node.limit) ? node.limit.value : undefined;
    if (typeof value === "number") this.append(`limit ${Math.trunc(value)}`);
    else super.visitLimit(node);
  }
}

function refuseTransaction(): never {
  throw new Error("transactions on SQLite go through the write queue");
}
