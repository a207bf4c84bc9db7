import type { Migration } from "#db/migrations/migration.ts";

/** Recent changes for the other gateways on the same Postgres, which forget what they had cached. */
export const domainEvents: Migration = {
  name: "0015-domain-events",
  statements: [
    `create table domain_events (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, node text not null,
      event text not null, created_at text not null)`,
    "create index domain_events_recent on domain_events (created_at)",
  ],
};
