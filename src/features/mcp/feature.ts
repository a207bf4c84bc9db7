import { defineFeature } from "#features/define-feature.ts";
import { credentialOperations } from "#features/mcp/credentials/operations.ts";
import { mcpEvents } from "#features/mcp/events.ts";
import { grantOperations } from "#features/mcp/grants/operations.ts";
import { requestOperations } from "#features/mcp/requests/operations.ts";
import { serverOperations } from "#features/mcp/servers/operations.ts";
import { createMcpToolSource } from "#features/mcp/tools/create-mcp-tool-source.ts";
import { mcpAccess } from "#features/mcp/tools/mcp-access.ts";

export const mcpFeature = defineFeature({
  name: "mcp",
  operations: [...serverOperations, ...grantOperations, ...requestOperations, ...credentialOperations],
  events: mcpEvents,
  tools: (services) => [createMcpToolSource(services.use(mcpAccess))],
});
