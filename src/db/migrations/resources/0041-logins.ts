import type { Migration } from "#db/migrations/migration.ts";

/**
 * Browsers that are signed in, and links that sign them in. Either is found by the hash of its secret, before any
 * tenant.
 */
export const logins: Migration = {
  name: "0041-logins",
  statements: [
    `create table logins (
      id text primary key,
      tenant_id text not null references tenants (id) on delete cascade,
      secret_hash text not null unique,
      status text not null,
      api_key_id text,
      device_id text,
      token_mark text,
      user_id text not null,
      names_tenant integer not null,
      user_agent text not null,
      ip text not null,
      last_used_at text not null,
      expires_at text not null,
      created_at text not null,
      updated_at text not null)`,
    "create index logins_users on logins (tenant_id, user_id)",
  ],
};
