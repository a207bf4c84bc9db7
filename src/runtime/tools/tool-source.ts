import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { RunnableAgent } from "#runtime/runs/index.ts";
import type { Tool } from "#runtime/tools/tool.ts";

/** The run, or the user, for whom tools are loaded. */
export interface ToolUser {
  readonly agent: Pick<RunnableAgent, "id" | "provider" | "toolsConfig">;
  readonly userId: string;
}

/** The tools of one source. */
export interface ToolSet {
  /** The same value for the same tools. A different value makes the pipeline select the tools again. */
  readonly version: unknown;
  readonly tools: ReadonlyMap<string, Tool>;
}

/** Provides tools: the built-in ones, custom tools, or the tools of MCP servers. */
export interface ToolSource {
  /** An unchanged source answers from memory, because runs ask before every turn. */
  load(db: TenantDatabase, user: ToolUser): Promise<ToolSet>;
}

/** Creates the source of the gateway's own tools. Some of them are only for agents of the master tenant. */
export function createBuiltinToolSource(tools: ReadonlyMap<string, Tool>): ToolSource {
  const forMaster: ToolSet = { version: "master", tools };
  const shared = new Map([...tools].filter(([, { isForMasterOnly }]) => !isForMasterOnly));
  const forTenants: ToolSet = { version: "tenant", tools: shared };
  return { load: async ({ tenantId }) => (tenantId === MASTER_TENANT_ID ? forMaster : forTenants) };
}
