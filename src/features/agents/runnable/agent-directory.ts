import type { EventBus } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import { findAgent } from "#features/agents/repository.ts";
import { rememberAgents } from "#features/agents/runnable/remember-agents.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

/** Finds agents by id or key with a cache, for frequent reads such as chats. Callers check access on every call. */
export interface AgentDirectory {
  find(db: TenantDatabase, reference: string): Promise<StoredAgent | undefined>;
}

export const agentDirectory = defineService<AgentDirectory>("agent-directory");

export const createAgentDirectory = (events: EventBus): AgentDirectory => ({
  find: rememberAgents(events, (db, reference) => findAgent(db.read, reference)),
});
