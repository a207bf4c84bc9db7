import type { Migration } from "#db/migrations/migration.ts";

/** Adds what a model or a tool was given and what it answered, both shortened, and an index of the tools in spans. */
export const traces: Migration = {
  name: "0025-traces",
  statements: [
    "alter table spans add column input_preview text not null default ''",
    "alter table spans add column output_preview text not null default ''",
    "alter table spans add column metadata text not null default '{}'",
    "create index spans_tools on spans (tenant_id, tool_name, trace_id) where tool_name is not null",
  ],
};
