import { SQLITE_SIGN_BLOCKS } from "#db/dialects/sqlite/vector-search.ts";
import type { Migration } from "#db/migrations/migration.ts";

/** Lets searches of SQLite read the signs of many chunks as one value. */
export const memorySignBlocks: Migration = {
  name: "0045-memory-sign-blocks",
  statements: [],
  own: { sqlite: SQLITE_SIGN_BLOCKS, postgres: [] },
};
