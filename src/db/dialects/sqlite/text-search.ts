import type { TextSearch } from "#db/memory/text-search.ts";

/**
 * FTS5 reads its texts from the table. The tokenizer `ascii` splits at spaces alone, because words hold only letters
 * and digits. Triggers also run for rows that a foreign key deletes. https://www.sqlite.org/fts5.html
 */
export const SQLITE_TEXT_INDEX: readonly string[] = [
  `create table memory_chunks (
    place integer primary key autoincrement, id text not null unique,
    tenant_id text not null references tenants (id) on delete cascade,
    document_id text not null references memory_documents (id) on delete cascade,
    user_id text not null, path text not null, scope text not null, words text not null, text text not null,
    start_line integer not null, end_line integer not null)`,
  "create index memory_chunks_document on memory_chunks (document_id)",
  `create virtual table memory_index using fts5 (
    scope, words, content = 'memory_chunks', content_rowid = 'place', tokenize = 'ascii', detail = column)`,
  `create trigger memory_chunks_stored after insert on memory_chunks begin
    insert into memory_index (rowid, scope, words) values (new.place, new.scope, new.words);
  end`,
  `create trigger memory_chunks_deleted after delete on memory_chunks begin
    insert into memory_index (memory_index, rowid, scope, words) values ('delete', old.place, old.scope, old.words);
  end`,
];

/** The statements for SQLite. Scopes name the tenant already, so counting needs no look at the table. */
export const sqliteTextSearch: TextSearch = {
  count: (_, { scopes, words, limit }) => {
    const pairs = words.map((word) => [word, toQuery(scopes, [word], "one")]);
    return {
      sql: `select value ->> 0 as word, (select count(*) from (select rowid from memory_index
        where memory_index match pair.value ->> 1 limit ${Math.trunc(limit)})) as found from json_each(?) as pair`,
      parameters: [JSON.stringify(pairs)],
    };
  },
  find: (tenantId, { scopes, words, needs, limit }) => ({
    sql: `select place, id, document_id, start_line, words, user_id, path from memory_chunks
      where tenant_id = ? and place in (select rowid from memory_index where memory_index match ?
        order by rowid desc limit ${Math.trunc(limit)})`,
    parameters: [tenantId, toQuery(scopes, words, needs)],
  }),
};

/** Quotes every word, so that none is an operator. */
const toQuery = (scopes: readonly string[], words: readonly string[], needs: "one" | "every"): string =>
  `scope : (${quoted(scopes).join(" OR ")}) AND words : (${quoted(words).join(needs === "one" ? " OR " : " AND ")})`;

const quoted = (words: readonly string[]): readonly string[] => words.map((word) => `"${word}"`);
