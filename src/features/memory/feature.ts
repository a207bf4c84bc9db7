import { eventBus } from "#core/events/events.ts";
import { defineFeature } from "#features/define-feature.ts";
import { memoryDocumentOperations } from "#features/memory/documents/operations.ts";
import { memoryEvents, memoryIndexed } from "#features/memory/events.ts";
import { memoryOperations } from "#features/memory/operations.ts";
import { agentMemory } from "#features/memory/use/agent-memory.ts";
import { createMemoryPromptSource } from "#features/memory/use/create-memory-prompt-source.ts";
import { createMemoryToolSource } from "#features/memory/use/create-memory-tools.ts";
import { createEmbedJob } from "#features/memory/vectors/create-embed-job.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import { modelCallServices } from "#runtime/model-calls/index.ts";

export const memoryFeature = defineFeature({
  name: "memory",
  operations: [...memoryOperations, ...memoryDocumentOperations],
  events: [...memoryEvents, memoryIndexed],
  prompts: (services) => [createMemoryPromptSource(services.use(eventBus))],
  jobs: (services, clock) => [
    createEmbedJob(services.use(memoryVectors), { ...services.use(modelCallServices), clock }),
  ],
  tools: (services) => [createMemoryToolSource(services.use(agentMemory))],
});
