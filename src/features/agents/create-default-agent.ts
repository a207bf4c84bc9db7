import { SYSTEM_USER } from "#core/access/authenticate.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { defaultSettings } from "#features/agents/agent-settings.ts";
import { insertAgent } from "#features/agents/insert-agent.ts";
import { DEFAULT_AGENT_KEY, findAgent } from "#features/agents/repository.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

export interface DefaultAgent {
  /** The name of one of the tenant's providers. */
  readonly provider: string;
  readonly model: string;
  readonly now: Date;
}

/** Returns the agent with the default key. Creates it if it is missing. */
export async function createDefaultAgent(
  queries: TenantQueries,
  { provider, model, now }: DefaultAgent,
): Promise<StoredAgent> {
  const existing = await findAgent(queries, DEFAULT_AGENT_KEY);
  if (existing) return existing;
  const settings = { ...defaultSettings(DEFAULT_AGENT_KEY), display_name: "Assistant" };
  const owner = { key: DEFAULT_AGENT_KEY, ownerId: SYSTEM_USER, isDefault: true, status: "active" } as const;
  return insertAgent(queries, { ...owner, provider, model, settings }, now);
}
