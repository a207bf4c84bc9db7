import type { TenantId } from "#base/ids.ts";
import type { AgentsTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import type { Agent } from "#features/agents/schema.ts";

/** An agent in the form that the gateway works with internally. */
export interface StoredAgent {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly key: string;
  readonly ownerId: string;
  readonly provider: string;
  readonly model: string;
  readonly status: Agent["status"];
  readonly isDefault: boolean;
  readonly settings: AgentSettings;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const toStoredAgent = (row: AgentsTable): StoredAgent => ({
  id: row.id,
  tenantId: row.tenant_id,
  key: row.agent_key,
  ownerId: row.owner_id,
  provider: row.provider,
  model: row.model,
  status: row.status as Agent["status"],
  isDefault: fromBit(row.is_default),
  settings: fromJson(row.config),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export function toAgent(agent: StoredAgent): Agent {
  const { display_name, frontmatter, budget_monthly_cents, ...settings } = agent.settings;
  return {
    id: agent.id,
    tenant_id: agent.tenantId,
    agent_key: agent.key,
    owner_id: agent.ownerId,
    provider: agent.provider,
    model: agent.model,
    status: agent.status,
    is_default: agent.isDefault,
    restrict_to_workspace: true,
    ...settings,
    display_name: display_name || undefined,
    frontmatter: frontmatter || undefined,
    budget_monthly_cents: budget_monthly_cents ?? undefined,
    created_at: agent.createdAt,
    updated_at: agent.updatedAt,
  };
}
