import type { Kysely } from "kysely";
import type { Tables } from "#db/tables.ts";
import type { Dialect } from "#db/tenant-queries.ts";

/** One step of the schema. A released step never changes. Every later change is a new step. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** What each database needs for itself, after the statements. */
  readonly own?: Readonly<Record<Dialect, readonly string[]>>;
  /** Changes rows in a way that SQL alone cannot, after the statements. */
  readonly change?: (db: Kysely<Tables>) => Promise<void>;
}
