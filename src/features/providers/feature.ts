import { defineFeature } from "#features/define-feature.ts";
import { providerEvents } from "#features/providers/events.ts";
import { providerOperations } from "#features/providers/operations.ts";

export const providerFeature = defineFeature({
  name: "providers",
  operations: providerOperations,
  events: providerEvents,
});
