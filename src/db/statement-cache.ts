import type { CompiledQuery } from "kysely";

/** A compiled insert for one set of columns and one number of rows. */
export interface KnownInsert {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly compiled: CompiledQuery;
}

/** The compiled statements of one database. They stay in memory while it is open. */
export class StatementCache {
  /** Keyed by the definition of the prepared query. */
  readonly compiled = new Map<object, CompiledQuery>();
  /** Keyed by table and conflict rule. */
  readonly inserts = new Map<string, readonly KnownInsert[]>();
}
