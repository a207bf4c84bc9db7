import type { Migration } from "#db/migrations/migration.ts";

/** The gateways that share this database, so that two under one name notice each other. */
export const nodes: Migration = {
  name: "0014-nodes",
  statements: [
    `create table nodes (
      node_id text primary key, boot_id text not null, home_mark text not null, lease_until text not null)`,
  ],
};
