import type { Migration } from "#db/migrations/migration.ts";

/**
 * Browsers that ask to be paired, or are, and when chats were approved. A browser is found by the hash of its
 * credential, before any tenant.
 */
export const devices: Migration = {
  name: "0040-devices",
  statements: [
    `create table devices (
      id text primary key,
      tenant_id text not null references tenants (id) on delete cascade,
      sender_hash text not null unique,
      short_id text not null,
      code text not null,
      status text not null,
      address text not null,
      approved_by text,
      approved_at text,
      expires_at text not null,
      created_at text not null,
      updated_at text not null)`,
    "create unique index devices_short_ids on devices (tenant_id, short_id)",
    "create index devices_codes on devices (tenant_id, code)",
    "alter table channel_pairings add column approved_at text",
  ],
};
