import { POSTGRES_VECTOR_INDEX } from "#db/dialects/postgres/vector-search.ts";
import { SQLITE_VECTOR_INDEX } from "#db/dialects/sqlite/vector-search.ts";
import type { Migration } from "#db/migrations/migration.ts";

/** Adds the vectors of what agents remember. They go with their chunks. */
export const memoryVectors: Migration = {
  name: "0030-memory-vectors",
  statements: [],
  own: { sqlite: SQLITE_VECTOR_INDEX, postgres: POSTGRES_VECTOR_INDEX },
};
