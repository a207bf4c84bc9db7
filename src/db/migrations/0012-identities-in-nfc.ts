import { type Kysely, sql } from "kysely";
import type { Migration } from "#db/migrations/migration.ts";
import type { Tables } from "#db/tables.ts";

/** A column with ids of users or sessions. `unique` names the column with which it is unique. */
interface Column {
  readonly table: string;
  readonly column: string;
  readonly unique?: string;
}

const COLUMNS: readonly Column[] = [
  { table: "tenant_users", column: "user_id", unique: "tenant_id" },
  { table: "agent_shares", column: "user_id", unique: "agent_id" },
  { table: "agent_shares", column: "granted_by" },
  { table: "agent_instances", column: "user_id", unique: "agent_id" },
  { table: "api_keys", column: "owner_id" },
  { table: "api_keys", column: "created_by" },
  { table: "agents", column: "owner_id" },
  { table: "sessions", column: "user_id" },
  { table: "runs", column: "user_id" },
  { table: "usage_records", column: "user_id" },
];

/**
 * Stores ids of users and sessions in NFC, the form that requests are compared in. Of two rows that a unique column
 * then could not tell apart, the one that was composed already stays. Of two such sessions, the other gets a longer key.
 */
export const identitiesInNfc: Migration = {
  name: "0012-identities-in-nfc",
  statements: [],
  async change(db) {
    for (const column of COLUMNS) await composeColumn(db, column);
    for (const { written, composed } of await listDecomposed(db, { table: "sessions", column: "key" })) {
      await sql`update sessions set key = ${composed} || case when exists (select 1 from sessions other
        where other.tenant_id = sessions.tenant_id and other.key = ${composed}) then '-' || id else '' end
        where key = ${written}`.execute(db);
      await sql`update runs set session_key = coalesce((select key from sessions where sessions.id = runs.session_id),
        ${composed}) where session_key = ${written}`.execute(db);
    }
  },
};

async function composeColumn(db: Kysely<Tables>, { table, column, unique }: Column): Promise<void> {
  const [from, id] = [sql.table(table), sql.ref(column)];
  for (const { written, composed } of await listDecomposed(db, { table, column })) {
    if (unique !== undefined) {
      const group = sql.ref(unique);
      await sql`delete from ${from} where ${id} = ${written}
        and ${group} in (select ${group} from ${from} where ${id} = ${composed})`.execute(db);
    }
    await sql`update ${from} set ${id} = ${composed} where ${id} = ${written}`.execute(db);
  }
}

/** Lists the values of a column that are not in NFC. The database preselects those with other than ASCII characters. */
async function listDecomposed(db: Kysely<Tables>, { table, column }: Column) {
  const id = sql.ref(column);
  const { rows } = await sql<{ written: string }>`select distinct ${id} as written from ${sql.table(table)}
    where octet_length(${id}) <> length(${id})`.execute(db);
  return rows
    .map(({ written }) => ({ written, composed: written.normalize("NFC") }))
    .filter(({ written, composed }) => written !== composed);
}
