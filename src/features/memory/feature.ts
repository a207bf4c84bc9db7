import { eventBus } from "#core/events/events.ts";
import { defineFeature } from "#features/define-feature.ts";
import { memoryDocumentOperations } from "#features/memory/documents/operations.ts";
import { memoryEvents, memoryIndexed } from "#features/memory/events.ts";
import { memoryOperations } from "#features/memory/operations.ts";
import { agentMemory } from "#features/memory/use/agent-memory.ts";
import { createMemoryPromptSource } from "#features/memory/use/create-memory-prompt-source.ts";
import { createMemoryToolSource } from "#features/memory/use/create-memory-tools.ts";

export const memoryFeature = defineFeature({
  name: "memory",
  operations: [...memoryOperations, ...memoryDocumentOperations],
  events: [...memoryEvents, memoryIndexed],
  prompts: (services) => [createMemoryPromptSource(services.use(eventBus))],
  tools: (services) => [createMemoryToolSource(services.use(agentMemory))],
});
