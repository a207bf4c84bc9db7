export { memoryFeature } from "#features/memory/feature.ts";
export { AgentMemory, agentMemory } from "#features/memory/use/agent-memory.ts";
export { MemoryVectors, memoryVectors } from "#features/memory/vectors/memory-vectors.ts";
export { refreshVectors } from "#features/memory/vectors/refresh-vectors.ts";
