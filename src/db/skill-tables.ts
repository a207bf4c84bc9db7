import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

// The skills that tenants uploaded. The gateway's own skills are files of the program and have no rows.

/** `version` is the highest one ever, also of a deleted skill. `manifest` is JSON: what SKILL.md says beside its name. */
export interface SkillsTable {
  id: string;
  tenant_id: TenantId;
  slug: string;
  name: string;
  description: string;
  owner_id: string;
  visibility: "private" | "internal" | "public";
  tags: string;
  status: "active" | "archived" | "deleted";
  enabled: Bit;
  version: number;
  manifest: string;
  missing_deps: string;
  created_at: string;
  updated_at: string;
}

/** A version never changes. `blob` is its archive in the blob store, `files` a JSON list of paths and sizes. */
export interface SkillVersionsTable {
  tenant_id: TenantId;
  skill_id: string;
  version: number;
  name: string;
  description: string;
  blob: string;
  hash: string;
  files: string;
  created_by: string;
  created_at: string;
}

/** Without a pinned version, the agent uses the current one. */
export interface SkillAgentGrantsTable {
  tenant_id: TenantId;
  skill_id: string;
  agent_id: string;
  pinned_version: number | null;
  can_manage: Bit;
  granted_by: string;
  created_at: string;
}

export interface SkillUserGrantsTable {
  tenant_id: TenantId;
  skill_id: string;
  user_id: string;
  granted_by: string;
  created_at: string;
}

/** Whether a tenant uses one of the gateway's own skills. Without a row it does. */
export interface SkillSettingsTable {
  tenant_id: TenantId;
  slug: string;
  enabled: Bit;
  updated_at: string;
}
