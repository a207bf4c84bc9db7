import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { McpServersTable } from "#db/mcp-tables.ts";
import { fromJson } from "#db/values.ts";
import type { ServerSettings } from "#features/mcp/servers/schema.ts";

/** A server as runs see it. */
export interface AccessServer {
  readonly row: McpServersTable;
  readonly tenantId: TenantId;
  readonly id: string;
  readonly name: string;
  readonly toolPrefix: string;
  readonly transport: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
  readonly timeoutMs: number;
  readonly settings: ServerSettings;
  /** Changes with the row. */
  readonly revision: string;
}

export const toAccessServer = (row: McpServersTable): AccessServer => ({
  row,
  tenantId: row.tenant_id,
  id: row.id,
  name: row.name,
  toolPrefix: row.tool_prefix,
  transport: row.transport,
  command: row.command,
  args: fromJson(row.args),
  url: row.url,
  timeoutMs: row.timeout_sec > 0 ? row.timeout_sec * 1_000 : LIMITS.mcpCall,
  settings: fromJson(row.settings),
  revision: row.updated_at,
});
