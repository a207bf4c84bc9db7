import type { Migration } from "#db/migrations/migration.ts";

/**
 * Adds what a model or a tool was given and what it answered, both shortened, and an index of the tools in spans. A trace
 * takes the id of its run, by which it is found.
 */
export const traces: Migration = {
  name: "0025-traces",
  statements: [
    "alter table spans add column input_preview text not null default ''",
    "alter table spans add column output_preview text not null default ''",
    "alter table spans add column metadata text not null default '{}'",
    "update spans set trace_id = replace(run_id, '-', '') where run_id <> ''",
    "update runs set trace_id = replace(id, '-', '')",
    "update delegations set trace_id = replace(child_run_id, '-', '') where trace_id is not null",
    "create index spans_tools on spans (tenant_id, tool_name, run_id) where tool_name is not null",
  ],
};
