import type { Migration } from "#db/migrations/migration.ts";

/** Files that callers uploaded. Their bytes are in the blob store. */
export const media: Migration = {
  name: "0021-media",
  statements: [
    `create table media (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, user_id text not null,
      name text not null, mime_type text not null, blob text not null, size integer not null, created_at text not null)`,
    "create index media_users on media (tenant_id, user_id, created_at)",
    "create index media_blobs on media (tenant_id, blob)",
  ],
};
