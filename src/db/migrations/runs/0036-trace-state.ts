import type { Migration } from "#db/migrations/migration.ts";

/** Adds the second header of a caller's trace, which goes along with its first. */
export const traceState: Migration = {
  name: "0036-trace-state",
  statements: ["alter table runs add column trace_state text"],
};
