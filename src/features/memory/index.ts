export { memoryFeature } from "#features/memory/feature.ts";
export { AgentMemory, agentMemory } from "#features/memory/use/agent-memory.ts";
