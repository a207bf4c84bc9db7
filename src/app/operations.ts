import type { AnyOperation } from "#core/operation.ts";
import { agentOperations } from "#features/agents/index.ts";
import { apiKeyOperations } from "#features/api-keys/index.ts";
import { chatOperations } from "#features/chat/operations.ts";
import { gatewayOperations } from "#features/gateway/operations.ts";
import { providerOperations } from "#features/providers/index.ts";
import { runOperations } from "#features/runs/index.ts";
import { sessionOperations } from "#features/sessions/index.ts";
import { tenantOperations } from "#features/tenants/index.ts";
import { toolOperations } from "#features/tools/index.ts";

/** Everything the gateway can do, one line per feature. */
export const operations: readonly AnyOperation[] = [
  ...gatewayOperations,
  ...tenantOperations,
  ...apiKeyOperations,
  ...providerOperations,
  ...agentOperations,
  ...runOperations,
  ...chatOperations,
  ...sessionOperations,
  ...toolOperations,
];
