import type { TenantReads } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";
import { findAgentsById } from "#features/agents/repository.ts";
import { toWorkspaceSharing } from "#features/agents/runnable/to-workspace-sharing.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";
import { workspaceName } from "#runtime/tools/index.ts";

/** Returns the names of the directories in which agents work for their owners. */
export async function findOwnerWorkspaces(
  queries: TenantReads,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(chunk(agentIds).map((ids) => findAgentsById(queries, ids)));
  const agents = found.flatMap((byId) => [...byId.values()]);
  return new Map(agents.map((agent) => [agent.id, workspaceOfUser(agent, agent.ownerId)]));
}

/** Returns the name of the directory in which an agent works for a user. */
export const workspaceOfUser = ({ settings }: Pick<StoredAgent, "settings">, userId: string): string =>
  workspaceName(userId, toWorkspaceSharing(settings));
