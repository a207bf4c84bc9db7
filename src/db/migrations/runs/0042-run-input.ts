import type { Migration } from "#db/migrations/migration.ts";

/** Adds the message that a run answers, so that the run can be repeated. */
export const runInput: Migration = {
  name: "0042-run-input",
  statements: ["alter table runs add column input_message_id text"],
};
