import { defineFeature } from "#features/define-feature.ts";
import { tenantEvents } from "#features/tenants/events.ts";
import { tenantMethods } from "#features/tenants/methods.ts";
import { tenantOperations } from "#features/tenants/operations.ts";

export const tenantFeature = defineFeature({
  name: "tenants",
  operations: tenantOperations,
  events: tenantEvents,
  methods: tenantMethods,
});
