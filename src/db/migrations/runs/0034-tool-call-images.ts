import type { Migration } from "#db/migrations/migration.ts";

/** Keeps which images a tool call gave, until its result is part of a message. They are JSON. */
export const toolCallImages: Migration = {
  name: "0034-tool-call-images",
  statements: ["alter table tool_calls add column images text"],
};
