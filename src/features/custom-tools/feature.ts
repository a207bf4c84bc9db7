import { eventBus } from "#core/events/events.ts";
import { processes, secretBox } from "#core/platform.ts";
import { defineService } from "#core/service.ts";
import { createCustomToolSource } from "#features/custom-tools/create-custom-tool-source.ts";
import { customToolEvents } from "#features/custom-tools/events.ts";
import { customToolOperations } from "#features/custom-tools/operations.ts";
import { defineFeature } from "#features/define-feature.ts";
import type { DenyToggles } from "#processes/deny-groups.ts";

/** The kinds of commands that the operator refuses or allows. */
export const denyToggles = defineService<DenyToggles>("deny-toggles");

export const customToolFeature = defineFeature({
  name: "custom-tools",
  operations: customToolOperations,
  events: customToolEvents,
  tools: (services) => [
    createCustomToolSource({
      processes: services.use(processes),
      secretBox: services.use(secretBox),
      denyGroups: services.use(denyToggles),
      events: services.use(eventBus),
    }),
  ],
});
