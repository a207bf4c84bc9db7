import type { Migration } from "#db/migrations/migration.ts";

/** Commands that agents can call as tools. A tool belongs to one agent, or to every agent of its tenant. */
export const customTools: Migration = {
  name: "0016-custom-tools",
  statements: [
    `create table custom_tools (
      id text primary key,
      tenant_id text not null references tenants (id) on delete cascade,
      agent_id text references agents (id) on delete cascade,
      name text not null,
      command text not null,
      words text not null,
      env text not null,
      enabled integer not null,
      config text not null,
      created_by text not null,
      created_at text not null,
      updated_at text not null)`,
    "create unique index custom_tools_names on custom_tools (tenant_id, name, coalesce(agent_id, ''))",
    "create index custom_tools_agents on custom_tools (agent_id)",
  ],
};
