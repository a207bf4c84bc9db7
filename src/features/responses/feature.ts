import { defineFeature } from "#features/define-feature.ts";
import { responseDeleted } from "#features/responses/events.ts";
import { responseOperations } from "#features/responses/operations.ts";

export const responseFeature = defineFeature({
  name: "responses",
  operations: responseOperations,
  events: [responseDeleted],
});
