import type { Migration } from "#db/migrations/migration.ts";

/**
 * Numbers and hashes the rows of the activity log, each tenant's for itself. Rows from before have the number 0 and no
 * hash. `activity_heads` has the end of each chain, and where it begins after old rows were deleted.
 */
export const activityChain: Migration = {
  name: "0028-activity-chain",
  statements: [
    "alter table activity_logs add column seq integer not null default 0",
    "alter table activity_logs add column hash text not null default ''",
    "create index activity_logs_chain on activity_logs (tenant_id, seq)",
    `create table activity_heads (
      tenant_id text primary key references tenants (id) on delete cascade,
      seq integer not null, hash text not null, trimmed_seq integer not null, trimmed_hash text not null)`,
  ],
};
