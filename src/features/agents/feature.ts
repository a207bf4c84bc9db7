import { eventBus } from "#core/events/events.ts";
import { agentEvents } from "#features/agents/events.ts";
import { agentFileOperations } from "#features/agents/files/operations.ts";
import { agentOperations } from "#features/agents/operations.ts";
import { agentEventViews } from "#features/agents/rpc/agent-event-views.ts";
import { agentMethods } from "#features/agents/rpc/agent-methods.ts";
import { createContextFileSource } from "#features/agents/runnable/create-context-file-source.ts";
import { createSummonJob } from "#features/agents/summoning/create-summon-job.ts";
import { summonOperations } from "#features/agents/summoning/operations.ts";
import { defineFeature } from "#features/define-feature.ts";
import { modelCallServices } from "#runtime/model-calls/index.ts";
import { agentSource } from "#runtime/runs/index.ts";

export const agentFeature = defineFeature({
  name: "agents",
  operations: [...agentOperations, ...agentFileOperations, ...summonOperations],
  events: agentEvents,
  eventViews: agentEventViews,
  methods: agentMethods,
  prompts: (services) => [createContextFileSource(services.use(eventBus))],
  jobs: (services, clock) => [
    createSummonJob({
      modelCalls: services.use(modelCallServices),
      agents: services.use(agentSource),
      events: services.use(eventBus),
      clock,
    }),
  ],
});
