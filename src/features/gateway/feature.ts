import { defineFeature } from "#features/define-feature.ts";
import { gatewayMethods } from "#features/gateway/methods.ts";
import { gatewayOperations } from "#features/gateway/operations.ts";
import { socketOperations } from "#features/gateway/socket-operations.ts";

export const gatewayFeature = defineFeature({
  name: "gateway",
  operations: [...gatewayOperations, ...socketOperations],
  methods: gatewayMethods,
});
