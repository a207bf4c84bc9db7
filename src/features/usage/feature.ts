import { defineFeature } from "#features/define-feature.ts";
import { usageOperations } from "#features/usage/operations.ts";
import { usageEventOperations } from "#features/usage/usage-events.ts";

export const usageFeature = defineFeature({
  name: "usage",
  operations: [...usageOperations, ...usageEventOperations],
});
