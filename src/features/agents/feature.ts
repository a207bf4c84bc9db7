import { eventBus } from "#core/events/events.ts";
import { agentEvents } from "#features/agents/events.ts";
import { agentOperations } from "#features/agents/operations.ts";
import { createContextFileSource } from "#features/agents/runnable/create-context-file-source.ts";
import { defineFeature } from "#features/define-feature.ts";

export const agentFeature = defineFeature({
  name: "agents",
  operations: agentOperations,
  events: agentEvents,
  prompts: (services) => [createContextFileSource(services.use(eventBus))],
});
