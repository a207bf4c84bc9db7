import type { Kysely } from "kysely";
import { sql } from "kysely";
import { MIGRATIONS } from "#db/migrations/index.ts";
import type { Migration } from "#db/migrations/migration.ts";
import type { Tables } from "#db/tables.ts";
import type { Dialect } from "#db/tenant-queries.ts";

/** Thrown if a later release created the database. This release cannot use it. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";
}

/**
 * Applies missing migrations and returns their names. The caller holds the dialect's migration lock, so only one of two
 * starting processes migrates. The caller also holds a transaction, so a failed migration leaves no change.
 */
export async function applyMigrations(db: Kysely<Tables>, dialect: Dialect, now: Date): Promise<readonly string[]> {
  await sql`create table if not exists schema_migrations (name text primary key, applied_at text not null)`.execute(db);
  const missing = await findMissing(db);
  for (const { name, statements, own, change } of missing) {
    for (const statement of [...statements, ...(own?.[dialect] ?? [])]) await sql.raw(statement).execute(db);
    await change?.(db);
    await sql`insert into schema_migrations (name, applied_at) values (${name}, ${now.toISOString()})`.execute(db);
  }
  return missing.map(({ name }) => name);
}

/** Returns the names of missing migrations and changes nothing. A new database lacks all of them. */
export async function listMissingMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: false });
  const hasMigrations = tables.some(({ name }) => name === "schema_migrations");
  return (hasMigrations ? await findMissing(db) : MIGRATIONS).map(({ name }) => name);
}

async function findMissing(db: Kysely<Tables>): Promise<readonly Migration[]> {
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(db);
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !MIGRATIONS.some((migration) => migration.name === name));
  if (unknown) throw new NewerDatabaseError(`the database has the unknown migration ${unknown.name}`);
  return MIGRATIONS.filter(({ name }) => !applied.has(name));
}
