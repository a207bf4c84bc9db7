import type { Migration } from "#db/migrations/migration.ts";

/** Bots and other accounts on chat platforms, and which process serves each. */
export const channelInstances: Migration = {
  name: "0026-channel-instances",
  statements: [
    `create table channel_instances (
      id text primary key,
      tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade,
      name text not null,
      display_name text not null,
      channel_type text not null,
      credentials text not null,
      config text not null,
      enabled integer not null,
      is_default integer not null,
      created_by text not null,
      created_at text not null,
      updated_at text not null)`,
    "create unique index channel_instances_names on channel_instances (tenant_id, name)",
    "create index channel_instances_agents on channel_instances (agent_id)",
    `create table channel_states (
      instance_id text primary key references channel_instances (id) on delete cascade,
      tenant_id text not null references tenants (id) on delete cascade,
      state text not null,
      reason text not null,
      detail text not null,
      since text not null,
      story text not null,
      lease_owner text,
      lease_until text)`,
    "create index channel_states_tenants on channel_states (tenant_id)",
  ],
};
