import type { Migration } from "#db/migrations/migration.ts";

/** The latest summoning of each agent: a model writes the files that describe the agent. */
export const agentSummons: Migration = {
  name: "0019-agent-summons",
  statements: [
    `create table agent_summons (
      agent_id text primary key references agents (id) on delete cascade,
      tenant_id text not null references tenants (id) on delete cascade,
      token text not null,
      kind text not null,
      prompt text not null,
      error text,
      created_at text not null,
      updated_at text not null)`,
  ],
};
