import type { Database as BunDatabase, SQLQueryBindings, Statement } from "bun:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { LRUCache } from "lru-cache";

const MAX_STATEMENTS = 500;

/**
 * A Kysely dialect over one open `bun:sqlite` database. Queries run at once and in the caller's turn, so the one
 * connection needs no lock; whoever opens a transaction on it must not let others in between.
 */
export function bunSqliteDialect(database: BunDatabase): Dialect {
  const connection = createConnection(database);
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
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

function refuseTransaction(): never {
  throw new Error("transactions on SQLite go through the write queue");
}

interface Prepared {
  readonly statement: Statement;
  readonly givesRows: boolean;
}

function createConnection(database: BunDatabase): DatabaseConnection {
  const statements = new LRUCache<string, Prepared>({
    max: MAX_STATEMENTS,
    dispose: ({ statement }) => statement.finalize(),
  });
  const prepare = (sql: string): Prepared => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const prepared = { statement, givesRows: statement.columnNames.length > 0 };
    statements.set(sql, prepared);
    return prepared;
  };

  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { statement, givesRows } = prepare(sql);
      const bindings = parameters as SQLQueryBindings[];
      if (givesRows) return { rows: statement.all(...bindings) as Row[] };
      const { changes } = statement.run(...bindings);
      return { rows: [], numAffectedRows: BigInt(changes) };
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for a generator; nothing here streams rows.
    async *streamQuery() {
      throw new Error("bun:sqlite does not stream rows");
    },
  };
}
