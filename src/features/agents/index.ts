export { agentDirectory, createAgentDirectory } from "#features/agents/agent-directory.ts";
export { createAgentSource } from "#features/agents/create-agent-source.ts";
export { createDefaultAgent } from "#features/agents/create-default-agent.ts";
export { listAccessibleAgents } from "#features/agents/list-agents.ts";
export { agentOperations } from "#features/agents/operations.ts";
export { findAgent, findAgentsById } from "#features/agents/repository.ts";
export { resolveRunAgent } from "#features/agents/resolve-run-agent.ts";
export type { StoredAgent } from "#features/agents/stored-agent.ts";
