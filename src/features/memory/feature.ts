import { defineFeature } from "#features/define-feature.ts";
import { memoryEvents, memoryIndexed } from "#features/memory/events.ts";
import { memoryOperations } from "#features/memory/operations.ts";

export const memoryFeature = defineFeature({
  name: "memory",
  operations: [...memoryOperations],
  events: [...memoryEvents, memoryIndexed],
});
