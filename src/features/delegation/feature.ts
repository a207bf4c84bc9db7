import { eventBus } from "#core/events/events.ts";
import { agentDirectory } from "#features/agents/index.ts";
import { defineFeature } from "#features/define-feature.ts";
import { agentLinkEvents, delegationEnded, delegationStarted } from "#features/delegation/events.ts";
import { linkOperations } from "#features/delegation/links/operations.ts";
import { createFindColleagues } from "#features/delegation/links/outgoing-links.ts";
import { createCloseRecord } from "#features/delegation/records/close-record.ts";
import { createResultDelivery } from "#features/delegation/records/deliver-result.ts";
import { delegationOperations } from "#features/delegation/records/operations.ts";
import { createStopChildren } from "#features/delegation/records/stop-children.ts";
import { createTellEnd } from "#features/delegation/records/tell-end.ts";
import { delegationEventViews } from "#features/delegation/rpc/delegation-event-views.ts";
import { delegationMethods } from "#features/delegation/rpc/link-methods.ts";
import { createSpawnTool } from "#features/delegation/spawn/create-spawn-tool.ts";
import { createDelegateSource } from "#features/delegation/tool/create-delegate-source.ts";
import { createSendTool } from "#features/delegation/tool/create-send-tool.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { createBuiltinToolSource } from "#runtime/tools/index.ts";

export const delegationFeature = defineFeature({
  name: "delegation",
  operations: [...linkOperations, ...delegationOperations],
  events: [...agentLinkEvents, delegationStarted, delegationEnded],
  eventViews: delegationEventViews,
  methods: delegationMethods,
  tools: (services, clock) => {
    const tasks = {
      agents: services.use(agentDirectory),
      engine: () => services.use(runEngine),
      clock,
      events: services.use(eventBus),
    };
    const own = [createSpawnTool(tasks), createSendTool(tasks)];
    return [
      createDelegateSource({ ...tasks, find: createFindColleagues(services.use(eventBus)) }),
      createBuiltinToolSource(new Map(own.map((tool) => [tool.name, tool]))),
    ];
  },
  observers: (services, clock) => {
    const engine = () => services.use(runEngine);
    return [
      createResultDelivery({ engine, clock }),
      createStopChildren({ engine }),
      createTellEnd(services.use(eventBus)),
    ];
  },
  onRunEnd: createCloseRecord,
});
