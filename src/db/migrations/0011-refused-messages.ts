import type { Migration } from "#db/migrations/migration.ts";

/** Marks messages that a provider refused, and sessions that nobody named. */
export const refusedMessages: Migration = {
  name: "0011-refused-messages",
  statements: [
    "alter table messages add column refused text",
    "alter table sessions add column is_named integer not null default 1",
    "create index sessions_unnamed on sessions (id) where is_named = 0",
  ],
};
