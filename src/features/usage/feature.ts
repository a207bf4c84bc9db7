import { defineFeature } from "#features/define-feature.ts";
import { usageOperations } from "#features/usage/operations.ts";

export const usageFeature = defineFeature({ name: "usage", operations: usageOperations });
