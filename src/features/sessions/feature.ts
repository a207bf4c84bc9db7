import { defineFeature } from "#features/define-feature.ts";
import { sessionEvents } from "#features/sessions/events.ts";
import { sessionOperations } from "#features/sessions/operations.ts";

export const sessionFeature = defineFeature({ name: "sessions", operations: sessionOperations, events: sessionEvents });
