import type { Migration } from "#db/migrations/migration.ts";

/** What an agent knows about each of its users. */
export const agentInstances: Migration = {
  name: "0008-agent-instances",
  statements: [
    `create table agent_instances (
      tenant_id text not null references tenants (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, user_id text not null, user_file text,
      metadata text not null, created_at text not null, updated_at text not null, primary key (agent_id, user_id))`,
  ],
};
