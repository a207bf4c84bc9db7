import { type Kysely, sql } from "kysely";
import { foldLetters } from "#base/texts/fold-text.ts";
import type { Migration } from "#db/migrations/migration.ts";
import type { Tables } from "#db/tables.ts";

const ROWS_AT_ONCE = 1_000;

/** Stores what a search for sessions looks at, without case and accents, which no database removes alike. */
export const sessionTexts: Migration = {
  name: "0046-session-texts",
  statements: ["alter table sessions add column search_text text not null default ''"],
  async change(db) {
    let rows = await listAfter(db, "");
    while (rows.length > 0) {
      await storeTexts(db, rows);
      rows = await listAfter(db, rows.at(-1)?.id ?? "");
    }
  },
};

interface Named {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly user_id: string;
}

async function listAfter(db: Kysely<Tables>, id: string): Promise<readonly Named[]> {
  const { rows } = await sql<Named>`select id, key, label, user_id from sessions where id > ${id}
    order by id limit ${sql.lit(ROWS_AT_ONCE)}`.execute(db);
  return rows;
}

async function storeTexts(db: Kysely<Tables>, rows: readonly Named[]): Promise<void> {
  const texts = rows.map(({ id, key, label, user_id }) => sql`(${id}, ${foldLetters(`${key}\n${label}\n${user_id}`)})`);
  await sql`with texts (id, folded) as (values ${sql.join(texts)})
    update sessions set search_text = texts.folded from texts where texts.id = sessions.id`.execute(db);
}
