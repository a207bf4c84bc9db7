import { defineFeature } from "#features/define-feature.ts";
import { tenantEvents } from "#features/tenants/events.ts";
import { tenantOperations } from "#features/tenants/operations.ts";

export const tenantFeature = defineFeature({ name: "tenants", operations: tenantOperations, events: tenantEvents });
