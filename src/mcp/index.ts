// Connections to MCP servers, and what keeps them within bounds.

export { ConnectionPool, mcpConnections } from "#mcp/connection-pool.ts";
export type { CallProgress } from "#mcp/mcp-connection.ts";
export { McpError } from "#mcp/mcp-error.ts";
export type { McpTarget } from "#mcp/mcp-target.ts";
export { nameTools, toolPrefixOf } from "#mcp/mcp-tool-name.ts";
export type { PooledServer } from "#mcp/pooled-server.ts";
export { CONNECTION_STATES, type ServerState } from "#mcp/states/connection-states.ts";
export type { ListedTool } from "#mcp/to-listed-tool.ts";
export { type Attachment, toToolOutcome } from "#mcp/to-tool-outcome.ts";
