import type { Migration } from "#db/migrations/migration.ts";

/**
 * Lets SQLite search and filter sessions in the index that lists them by their last use. Each chat moves its entry there,
 * so an index more would cost more than a longer entry. With their ids, it would also attract the lists of one user.
 */
export const sessionsByText: Migration = {
  name: "0047-sessions-by-text",
  statements: [],
  own: {
    sqlite: [
      "drop index sessions_recent",
      "create index sessions_recent on sessions (tenant_id, updated_at, channel, agent_id, search_text)",
    ],
    // An entry has at most 2,704 bytes there, which folded texts may exceed.
    postgres: [],
  },
};
