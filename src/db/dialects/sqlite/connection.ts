import type { Database as BunDatabase, SQLQueryBindings, Statement } from "bun:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type LimitNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from "kysely";

const MAX_STATEMENTS = 500;

/** What came of a statement: it gives rows or says how many it changed. */
interface Executed<Row> {
  readonly rows: Row[];
  readonly changes: number;
}

/** Runs a statement at once and in the caller's turn. */
export type ExecuteSql = <Row>(sql: string, parameters: readonly unknown[]) => Executed<Row>;

interface Prepared {
  readonly statement: Statement;
  readonly givesRows: boolean;
}

/** Statements on one open database, each compiled once. */
export function createExecuteSql(database: BunDatabase): ExecuteSql {
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

  return <Row>(sql: string, parameters: readonly unknown[]) => {
    const { statement, givesRows } = statements.get(sql) ?? prepare(sql);
    const bindings = parameters as SQLQueryBindings[];
    if (givesRows) return { rows: statement.all(...bindings) as Row[], changes: 0 };
    return { rows: [], changes: statement.run(...bindings).changes };
  };
}

/**
 * A Kysely dialect over such statements. They need no lock; whoever opens a transaction must not let others in between.
 */
export function bunSqliteDialect(execute: ExecuteSql): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      const { rows, changes } = execute<Row>(sql, parameters);
      return { rows, numAffectedRows: BigInt(changes) };
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
