import { defineFeature } from "#features/define-feature.ts";

import { gatewayOperations } from "#features/gateway/operations.ts";

export const gatewayFeature = defineFeature({ name: "gateway", operations: gatewayOperations });
