import type { CompiledQuery } from "kysely";

/** The shape of an insert: a table with its conflict rule, a set of columns, and a number of rows. */
export interface KnownInsert {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly compiled: CompiledQuery;
}

/** The statements of one database that are compiled once and used for as long as it is open. */
export class StatementCache {
  /** By the prepared query that was compiled. */
  readonly compiled = new Map<object, CompiledQuery>();
  /** By table and conflict rule. */
  readonly inserts = new Map<string, readonly KnownInsert[]>();
}
