import { builtinToolEvents } from "#features/builtin-tools/events.ts";
import { toolOperations } from "#features/builtin-tools/operations.ts";
import { defineFeature } from "#features/define-feature.ts";

export const builtinToolFeature = defineFeature({
  name: "builtin-tools",
  operations: toolOperations,
  events: builtinToolEvents,
});
