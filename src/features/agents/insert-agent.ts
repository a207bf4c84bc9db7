import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { AgentsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import { seedContextFiles } from "#features/agents/default-context-files.ts";
import { clearDefault } from "#features/agents/repository.ts";
import { type StoredAgent, toStoredAgent } from "#features/agents/stored-agent.ts";

export type NewAgent = Pick<
  StoredAgent,
  "key" | "ownerId" | "provider" | "model" | "status" | "isDefault" | "settings"
>;

/** Stores a new agent with its first context files. */
export async function insertAgent(queries: TenantQueries, agent: NewAgent, now: Date): Promise<StoredAgent> {
  if (agent.isDefault) await clearDefault(queries);
  const row: AgentsTable = {
    id: newId(),
    tenant_id: queries.tenantId,
    agent_key: agent.key,
    owner_id: agent.ownerId,
    provider: agent.provider,
    model: agent.model,
    status: agent.status,
    is_default: toBit(agent.isDefault),
    config: toJson(agent.settings),
    created_at: toTimestamp(now),
    updated_at: toTimestamp(now),
  };
  await queries.insertInto("agents", row).execute();
  await seedContextFiles(queries, { id: row.id, name: toName(agent), emoji: agent.settings.emoji, now });
  return toStoredAgent(row);
}

/** Returns the agent's display name, or its key if it has none. */
export const toName = ({ key, settings }: { readonly key: string; readonly settings: AgentSettings }): string =>
  settings.display_name || key;
