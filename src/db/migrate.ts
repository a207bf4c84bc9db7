import type { Kysely } from "kysely";
import { sql } from "kysely";
import { MIGRATIONS } from "#db/migrations/index.ts";
import type { Migration } from "#db/migrations/migration.ts";
import type { Tables } from "#db/tables.ts";

/** The database was made by a later release; this one would not understand it. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";
}

/**
 * Applies what is missing and returns its names. The caller holds the dialect's migration lock and a transaction,
 * so that two processes that start together do not both migrate, and a failed one leaves nothing behind.
 */
export async function applyMigrations(db: Kysely<Tables>, now: Date): Promise<readonly string[]> {
  await sql`create table if not exists schema_migrations (name text primary key, applied_at text not null)`.execute(db);
  const missing = await findMissing(db);
  for (const { name, statements } of missing) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    await sql`insert into schema_migrations (name, applied_at) values (${name}, ${now.toISOString()})`.execute(db);
  }
  return missing.map(({ name }) => name);
}

/** The names of the migrations that a database lacks, changing nothing. All of them where nobody has begun. */
export async function listMissingMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: false });
  const isBegun = tables.some(({ name }) => name === "schema_migrations");
  return (isBegun ? await findMissing(db) : MIGRATIONS).map(({ name }) => name);
}

async function findMissing(db: Kysely<Tables>): Promise<readonly Migration[]> {
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(db);
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !MIGRATIONS.some((migration) => migration.name === name));
  if (unknown) throw new NewerDatabaseError(`the database has the unknown migration ${unknown.name}`);
  return MIGRATIONS.filter(({ name }) => !applied.has(name));
}
