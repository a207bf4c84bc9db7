import { POSTGRES_TEXT_INDEX } from "#db/dialects/postgres/text-search.ts";
import { SQLITE_TEXT_INDEX } from "#db/dialects/sqlite/text-search.ts";
import type { Migration } from "#db/migrations/migration.ts";

/** Adds what agents remember, in chunks with an index for searches. */
export const memory: Migration = {
  name: "0020-memory",
  statements: [
    `create table memory_documents (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, user_id text not null, path text not null,
      content text not null, hash text not null, source text not null, chunk_count integer not null,
      created_at text not null, updated_at text not null, unique (agent_id, user_id, path, tenant_id))`,
    "create index memory_documents_newest on memory_documents (tenant_id, updated_at, id)",
    "create index memory_documents_of_agent on memory_documents (tenant_id, agent_id, updated_at, id)",
  ],
  own: { sqlite: SQLITE_TEXT_INDEX, postgres: POSTGRES_TEXT_INDEX },
};
