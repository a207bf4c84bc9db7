import type { Migration } from "#db/migrations/migration.ts";

/** Runs that OpenAI's Responses API shows. A response ends with its session, which holds its texts. */
export const responses: Migration = {
  name: "0023-responses",
  statements: [
    `create table responses (
      id text primary key references runs (id) on delete cascade,
      tenant_id text not null references tenants (id) on delete cascade,
      session_id text not null references sessions (id) on delete cascade,
      created_by text not null,
      request text not null,
      created_at text not null)`,
    "create index responses_sessions on responses (session_id)",
  ],
};
