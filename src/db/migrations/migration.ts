import type { Kysely } from "kysely";
import type { Tables } from "#db/tables.ts";

/** One step of the schema. A released step never changes. Every later change is a new step. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** Changes rows in a way that SQL alone cannot, after the statements. */
  readonly change?: (db: Kysely<Tables>) => Promise<void>;
}
