import type { Migration } from "#db/migrations/migration.ts";

const USERS = `create table usage_users (
  tenant_id text not null references tenants (id) on delete cascade,
  grain text not null,
  bucket integer not null,
  user_id text not null,
  agent_id text not null,
  channel text not null,
  provider text not null,
  model text not null,
  primary key (tenant_id, grain, bucket, user_id, agent_id, channel, provider, model))`;

/**
 * Adds who made requests at a time, in rows so small that many are counted at once. A job makes them of the sums that
 * exist already, because these may be millions of rows.
 */
export const usageUsers: Migration = {
  name: "0031-usage-users",
  statements: [
    `create table usage_rebuilds (
      tenant_id text primary key references tenants (id) on delete cascade, next_bucket integer not null)`,
    `insert into usage_rebuilds (tenant_id, next_bucket)
      select id, 0 from tenants where exists (select 1 from usage_rollups where tenant_id = tenants.id)`,
  ],
  own: {
    // Reads visit ranges of the primary key, so its order is that of the rows.
    sqlite: [`${USERS} without rowid`],
    postgres: [USERS],
  },
};
