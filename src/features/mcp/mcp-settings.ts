import type { TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";

/** What the operator of the host decided about MCP. */
export interface McpSettings {
  /** Whether administrators of the master tenant may register servers that are processes. */
  readonly stdio: "master" | "off";
  /** The values of `SHARED_VARIABLES` in the gateway's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Returns the directory in which the process of a server works. */
  readonly directoryOf: (tenantId: TenantId, serverId: string) => string;
}

export const mcpSettings = defineService<McpSettings>("mcp-settings");
