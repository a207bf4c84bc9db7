import { systemClock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import type { TenantDatabase } from "#db/database.ts";
import { runTool } from "#runtime/tools/run-tool.ts";
import type { Tool, ToolEnvironment } from "#runtime/tools/tool.ts";
import { NO_TOOL_SETTINGS } from "#runtime/tools/tool-settings.ts";
import type { LookToolOptions } from "#tools/media/look-tools.ts";

/** Where a tool is tried out. What a test needs of the database or the network it brings itself. */
export const aToolEnvironment = (given: Partial<ToolEnvironment> = {}): ToolEnvironment => ({
  tenantId: MASTER_TENANT_ID,
  agentId: "a",
  agentKey: "agent",
  userId: "ada",
  sessionId: "s",
  sessionKey: "agent:agent:s",
  call: undefined,
  workspace: "/nowhere",
  readOnlyFolders: { find: async () => undefined, namedIn: async () => [] },
  memoryFiles: { owns: () => false, read: async () => undefined, list: async () => [], change: async () => {} },
  clock: systemClock,
  db: {} as TenantDatabase,
  web: {} as EgressClient,
  shellDenyGroups: {},
  mayUseNetwork: false,
  settings: NO_TOOL_SETTINGS,
  ...given,
});

/** For tests that only name the tools for media. */
export const UNUSED_MEDIA = {} as LookToolOptions;

/** Calls a tool as a run does. */
export function callTool(
  tool: Tool,
  input: object,
  environment: Partial<ToolEnvironment> = {},
  signal = new AbortController().signal,
) {
  const scrubber = createScrubber({ usesPatterns: true, secrets: [] });
  const site = { scrubber, signal, logger: createLogger("silent") };
  return runTool(tool, JSON.stringify(input), aToolEnvironment(environment), site);
}
