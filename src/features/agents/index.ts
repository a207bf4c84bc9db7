export {
  accessorOf,
  getAccessibleAgent,
  getOwnedAgent,
  lockOwnedAgent,
  mayUseAgent,
  requireAgentAccess,
} from "#features/agents/access.ts";
export { createDefaultAgent } from "#features/agents/create-default-agent.ts";
export { agentDeleted, agentEvents, agentUpdated } from "#features/agents/events.ts";
export { agentFeature } from "#features/agents/feature.ts";
export { listAccessibleAgents } from "#features/agents/list-agents.ts";
export { findAgent, findAgentsById, selectNamedAgents } from "#features/agents/repository.ts";
export { findRunningAgents } from "#features/agents/rpc/find-running-agents.ts";
export {
  type AgentDirectory,
  agentDirectory,
  createAgentDirectory,
} from "#features/agents/runnable/agent-directory.ts";
export { AgentDraft } from "#features/agents/runnable/agent-draft.ts";
export { createAgentSource } from "#features/agents/runnable/create-agent-source.ts";
export { toFileSection } from "#features/agents/runnable/create-context-file-source.ts";
export { createRunRights } from "#features/agents/runnable/create-run-rights.ts";
export { findOwnerWorkspaces, workspaceOfUser } from "#features/agents/runnable/find-workspaces.ts";
export { getDefaultAgent, resolveRunAgent } from "#features/agents/runnable/resolve-run-agent.ts";
export type { StoredAgent } from "#features/agents/stored-agent.ts";
