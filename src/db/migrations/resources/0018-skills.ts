import type { Migration } from "#db/migrations/migration.ts";

/** Adds skills, their versions, who may use them, and which of the gateway's own skills a tenant switched off. */
export const skills: Migration = {
  name: "0018-skills",
  statements: [
    `create table skills (
      id text primary key, tenant_id text not null references tenants (id) on delete cascade, slug text not null,
      name text not null, description text not null, owner_id text not null, visibility text not null,
      tags text not null, status text not null, enabled integer not null, version integer not null,
      manifest text not null, missing_deps text not null, created_at text not null, updated_at text not null,
      unique (tenant_id, slug))`,
    `create table skill_versions (
      tenant_id text not null references tenants (id) on delete cascade,
      skill_id text not null references skills (id) on delete cascade, version integer not null, name text not null,
      description text not null, blob text not null, hash text not null, files text not null, created_by text not null,
      created_at text not null, primary key (skill_id, version))`,
    `create table skill_agent_grants (
      tenant_id text not null references tenants (id) on delete cascade,
      skill_id text not null references skills (id) on delete cascade,
      agent_id text not null references agents (id) on delete cascade, pinned_version integer,
      can_manage integer not null, granted_by text not null, created_at text not null,
      primary key (skill_id, agent_id))`,
    "create index skill_agent_grants_agent on skill_agent_grants (agent_id)",
    `create table skill_user_grants (
      tenant_id text not null references tenants (id) on delete cascade,
      skill_id text not null references skills (id) on delete cascade, user_id text not null, granted_by text not null,
      created_at text not null, primary key (skill_id, user_id))`,
    "create index skill_user_grants_user on skill_user_grants (tenant_id, user_id)",
    `create table skill_settings (
      tenant_id text not null references tenants (id) on delete cascade, slug text not null, enabled integer not null,
      updated_at text not null, primary key (tenant_id, slug))`,
  ],
};
