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
import { nextTurn } from "#base/threads/next-turn.ts";
import { withSqliteErrors } from "#db/dialects/sqlite/failures.ts";
import { sqlitePlanner } from "#db/dialects/sqlite/planner.ts";
import { sqliteTextSearch } from "#db/dialects/sqlite/text-search.ts";
import { storeSignsInSqlite } from "#db/dialects/sqlite/vector-search.ts";
import type { FindNearest } from "#db/memory/vector-search.ts";
import { StatementCache } from "#db/statement-cache.ts";
import type { Tables } from "#db/tables.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

const MAX_STATEMENTS = 500;

/** Runs statements synchronously on one connection. */
export interface SqlRunner {
  /** Returns true if a statement returns rows. Otherwise it returns the number of changed rows. */
  returnsRows(sql: string): boolean;
  rows<Row>(sql: string, parameters: readonly unknown[]): Row[];
  change(sql: string, parameters: readonly unknown[]): number;
}

/** A runner that counts what it writes. */
export interface WriteRunner extends SqlRunner {
  /** The number of statements so far that were not plain reads. A unit that leaves it unchanged has written nothing. */
  readonly writes: number;
  /** About how many bytes of values it has written so far. Each character counts as one. */
  readonly bytesWritten: number;
}

/** A runner that must be closed before its database. Otherwise SQLite keeps the file open, and an empty log beside it. */
export interface ClosableRunner extends WriteRunner {
  close(): void;
}

interface Prepared {
  readonly statement: Statement;
  readonly returnsRows: boolean;
  readonly isRead: boolean;
}

const READS = /^\s*(?:select|with)\b/i;
const WRITES = /\b(?:insert\s+into|update|delete\s+from)\b/i;

/** Returns true for a statement that only reads. A `with` clause may also introduce a write. */
export const isReadStatement = (sql: string): boolean => READS.test(sql) && !WRITES.test(sql);

/** Prepares and caches the statements of one open database. */
export function createSqlRunner(database: BunDatabase): ClosableRunner {
  const statements = new Map<string, Prepared>();
  let writes = 0;
  let bytesWritten = 0;
  // Evicts the oldest statements. They are prepared again when they run again.
  const evictOldest = () => {
    for (const [sql, { statement }] of statements) {
      if (statements.size < MAX_STATEMENTS) return;
      statement.finalize();
      statements.delete(sql);
    }
  };
  const prepare = (sql: string): Prepared => {
    evictOldest();
    const statement = withSqliteErrors(() => database.prepare(sql));
    const prepared = { statement, returnsRows: statement.columnNames.length > 0, isRead: isReadStatement(sql) };
    statements.set(sql, prepared);
    return prepared;
  };

  const find = (sql: string): Prepared => statements.get(sql) ?? prepare(sql);
  /** A statement that fails has written nothing. */
  const execute = <Value>(
    sql: string,
    parameters: readonly unknown[],
    run: (statement: Statement, bindings: SQLQueryBindings[]) => Value,
  ): Value => {
    const { statement, isRead } = find(sql);
    const value = withSqliteErrors(() => run(statement, parameters as SQLQueryBindings[]));
    if (isRead) return value;
    writes++;
    for (const parameter of parameters) bytesWritten += sizeOf(parameter);
    return value;
  };

  return {
    get writes() {
      return writes;
    },
    get bytesWritten() {
      return bytesWritten;
    },
    returnsRows: (sql) => find(sql).returnsRows,
    rows: <Row>(sql: string, parameters: readonly unknown[]) =>
      execute(sql, parameters, (statement, bindings) => statement.all(...bindings) as Row[]),
    change: (sql, parameters) => execute(sql, parameters, (statement, bindings) => statement.run(...bindings).changes),
    close: () => {
      for (const { statement } of statements.values()) statement.finalize();
      statements.clear();
    },
  };
}

function sizeOf(parameter: unknown): number {
  if (typeof parameter === "string") return parameter.length;
  return parameter instanceof Uint8Array ? parameter.byteLength : 0;
}

/** Runs a call of a runner, now or later. */
type Attempt = <Value>(call: () => Value) => Promise<Value>;

const atOnce: Attempt = async (call) => call();

/**
 * Creates a handle for Kysely and for prepared queries on a runner. Units of writes need the calls to run at once, and a
 * `rest` of their queue.
 */
export const toQueryHandle = (
  runner: SqlRunner,
  { attempt = atOnce, rest = nextTurn }: { readonly attempt?: Attempt; readonly rest?: () => Promise<void> } = {},
): QueryHandle => ({
  dialect: "sqlite",
  planner: sqlitePlanner,
  textSearch: sqliteTextSearch,
  vectors: { findNearest: refuseVisit, storeSigns: storeSignsInSqlite },
  statements: new StatementCache(),
  db: new Kysely<Tables>({ dialect: bunSqliteDialect(onRunner(runner, attempt)) }),
  run: (sql, parameters) => attempt(() => runner.rows(sql, parameters)),
  change: (sql, parameters) => attempt(() => runner.change(sql, parameters)),
  rest,
});

/** Reads rows elsewhere, such as in a thread. */
export type ReadElsewhere = (sql: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>;

/** Creates a handle for reads that happen elsewhere. */
export function toReportHandle(read: ReadElsewhere, findNearest: FindNearest): QueryHandle {
  // The cast is safe: the caller's query says what its rows are.
  const run = <Row>(sql: string, parameters: readonly unknown[]) => read(sql, parameters) as Promise<Row[]>;
  return {
    dialect: "sqlite",
    planner: sqlitePlanner,
    textSearch: sqliteTextSearch,
    vectors: { findNearest, storeSigns: refuseWrite },
    statements: new StatementCache(),
    db: new Kysely<Tables>({
      dialect: bunSqliteDialect(async ({ sql, parameters }) => ({ rows: await run(sql, parameters) })),
    }),
    run,
    change: refuseWrite,
    rest: nextTurn,
  };
}

const refuseWrite = (): never => {
  throw new Error("a handle for reports was asked to write");
};

const refuseVisit: FindNearest = async () => {
  throw new Error("a handle on the event loop was asked to visit all vectors");
};

type ExecuteQuery = <Row>(query: CompiledQuery) => Promise<QueryResult<Row>>;

const onRunner =
  (runner: SqlRunner, attempt: Attempt): ExecuteQuery =>
  <Row>({ sql, parameters }: CompiledQuery) =>
    attempt(() => {
      if (runner.returnsRows(sql)) return { rows: runner.rows<Row>(sql, parameters) };
      return { rows: [], numAffectedRows: BigInt(runner.change(sql, parameters)) };
    });

/**
 * Creates a Kysely dialect on a runner. It takes no lock. The caller keeps other units out of an open transaction.
 */
function bunSqliteDialect(executeQuery: ExecuteQuery): Dialect {
  const connection: DatabaseConnection = {
    executeQuery,
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
      beginTransaction: refuseTransaction,
      commitTransaction: refuseTransaction,
      rollbackTransaction: refuseTransaction,
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
  };
}

/** Writes limits into the SQL text, because SQLite plans a statement with a bound limit again at every run. */
class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const value = ValueNode.is(node.limit) ? node.limit.value : undefined;
    if (typeof value === "number") this.append(`limit ${Math.trunc(value)}`);
    else super.visitLimit(node);
  }
}

async function refuseTransaction(): Promise<never> {
  throw new Error("transactions on SQLite go through the write queue");
}
