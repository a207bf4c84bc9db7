import type { Migration } from "#db/migrations/migration.ts";

/** Adds the model that answered last to each run, as JSON. */
export const runAnsweredBy: Migration = {
  name: "0009-run-answered-by",
  statements: ["alter table runs add column answered_by text"],
};
