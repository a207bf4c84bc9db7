import type { Migration } from "#db/migrations/migration.ts";

/** Adds background jobs, which outlive their request and process. Jobs without a tenant belong to the master tenant. */
export const jobs: Migration = {
  name: "0007-jobs",
  statements: [
    `create table jobs (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, name text not null,
      key text, payload text not null, run_at text not null, attempt integer not null, max_attempts integer not null,
      lease_owner text, lease_until text, must_repeat integer not null, error text, dead_at text,
      created_at text not null)`,
    "create index jobs_due on jobs (run_at) where dead_at is null",
    "create index jobs_dead on jobs (dead_at) where dead_at is not null",
    "create unique index jobs_single on jobs (tenant_id, name, key) where key is not null and dead_at is null",
  ],
};
