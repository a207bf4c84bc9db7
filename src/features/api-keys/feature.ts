import { apiKeyEvents } from "#features/api-keys/events.ts";
import { apiKeyOperations } from "#features/api-keys/operations.ts";
import { defineFeature } from "#features/define-feature.ts";

export const apiKeyFeature = defineFeature({ name: "api-keys", operations: apiKeyOperations, events: apiKeyEvents });
