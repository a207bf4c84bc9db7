import type { Migration } from "#db/migrations/migration.ts";

/** Adds the settings of built-in tools for each tenant. */
export const builtinToolSettings: Migration = {
  name: "0002-builtin-tool-settings",
  statements: [
    `create table builtin_tool_settings (
      tenant_id text not null references tenants (id) on delete cascade, name text not null, enabled integer not null,
      settings text not null, updated_at text not null, primary key (tenant_id, name))`,
  ],
};
