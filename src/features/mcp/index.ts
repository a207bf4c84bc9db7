export { SHARED_VARIABLES } from "#features/mcp/credentials-schema.ts";
export { serverStateChanged } from "#features/mcp/events.ts";
export { mcpFeature } from "#features/mcp/feature.ts";
export { type McpSettings, mcpSettings } from "#features/mcp/mcp-settings.ts";
export { sealedTextsOf } from "#features/mcp/seal-credentials.ts";
export { McpAccess, mcpAccess } from "#features/mcp/tools/mcp-access.ts";
