import type { TextSearch } from "#db/memory/text-search.ts";

/**
 * The words become lexemes without a parser and a dictionary, whose results depend on the server's locale.
 * https://www.postgresql.org/docs/current/functions-textsearch.html
 */
export const POSTGRES_TEXT_INDEX: readonly string[] = [
  `create table memory_chunks (
    place bigint primary key generated always as identity, id text not null unique,
    tenant_id text not null references tenants (id) on delete cascade,
    document_id text not null references memory_documents (id) on delete cascade,
    user_id text not null, path text not null, scope text not null, words text not null, text text not null,
    start_line integer not null, end_line integer not null,
    lexemes tsvector generated always as
      (array_to_tsvector(string_to_array(scope, ' ') || string_to_array(words, ' '))) stored)`,
  "create index memory_chunks_document on memory_chunks (document_id)",
  "create index memory_chunks_lexemes on memory_chunks using gin (lexemes)",
];

/** The statements for Postgres. Scopes are in upper case, so no word of a text equals one. */
export const postgresTextSearch: TextSearch = {
  count: (tenantId, { scopes, words, limit }) => ({
    sql: `select wanted.word, (select count(*) from (select 1 from memory_chunks
      where tenant_id = $1 and lexemes @@ wanted.query::tsquery limit ${Math.trunc(limit)}) as matches) as found
      from unnest($2::text[], $3::text[]) as wanted (word, query)`,
    parameters: [tenantId, [...words], words.map((word) => toQuery(scopes, [word], "one"))],
  }),
  find: (tenantId, { scopes, words, needs, limit }) => ({
    sql: `select place, id, document_id, start_line, words, user_id, path from memory_chunks
      where tenant_id = $1 and lexemes @@ $2::tsquery order by place desc limit ${Math.trunc(limit)}`,
    parameters: [tenantId, toQuery(scopes, words, needs)],
  }),
};

/** Quotes every word, so that none is an operator. */
const toQuery = (scopes: readonly string[], words: readonly string[], needs: "one" | "every"): string =>
  `(${quoted(scopes).join(" | ")}) & (${quoted(words).join(needs === "one" ? " | " : " & ")})`;

const quoted = (words: readonly string[]): readonly string[] => words.map((word) => `'${word}'`);
