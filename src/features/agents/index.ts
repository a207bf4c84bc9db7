export { createDefaultAgent } from "#features/agents/create-default-agent.ts";
export { agentFeature } from "#features/agents/feature.ts";
export { listAccessibleAgents } from "#features/agents/list-agents.ts";
export { findAgent, findAgentsById } from "#features/agents/repository.ts";
export { agentDirectory, createAgentDirectory } from "#features/agents/runnable/agent-directory.ts";
export { createAgentSource } from "#features/agents/runnable/create-agent-source.ts";
export { resolveRunAgent } from "#features/agents/runnable/resolve-run-agent.ts";
export type { StoredAgent } from "#features/agents/stored-agent.ts";
