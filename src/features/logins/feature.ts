import { defineFeature } from "#features/define-feature.ts";
import { loginEvents } from "#features/logins/events.ts";
import { loginOperations } from "#features/logins/operations.ts";

export const loginFeature = defineFeature({ name: "logins", operations: loginOperations, events: loginEvents });
