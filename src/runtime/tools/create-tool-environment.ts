import type { Clock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import type { TenantId } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { AgentSource, RunRow } from "#runtime/runs/index.ts";
import type { CallPlace, MemoryFiles, ReadOnlyFolders, ToolEnvironment } from "#runtime/tools/tool.ts";
import type { ToolSettingsSource } from "#runtime/tools/tool-settings.ts";
import { OWN_WORKSPACES, workspaceName } from "#runtime/tools/workspace-name.ts";

/** The gateway's services that every tool may use. */
export interface ToolServices {
  readonly agents: AgentSource;
  readonly clock: Clock;
  /** The network client of the tools. */
  readonly web: EgressClient;
  /** Returns the directory of an agent's files. `name` is that of its user's directory below it. */
  readonly workspaceOf: (tenantId: TenantId, agentId: string, name: string) => string;
  readonly toolSettings: ToolSettingsSource;
  /** Returns the directories that an agent may read when it works for a user. */
  readonly readOnlyFoldersOf: (db: TenantDatabase, user: FolderUser) => ReadOnlyFolders;
  /** Returns the documents of an agent's memory when it works for a user. */
  readonly memoryFilesOf: (user: MemoryFileUser) => MemoryFiles;
}

/** The agent and the user for whom it works. */
export interface FolderUser {
  readonly agentId: string;
  readonly userId: string;
}

/** The agent and the user whose memory the file tools use. */
export type MemoryFileUser = Pick<ToolEnvironment, "tenantId" | "agentId" | "agentKey" | "userId" | "clock" | "db">;

/** The memory of an agent that has none. */
const NO_MEMORY_FILES: MemoryFiles = {
  owns: () => false,
  read: async () => undefined,
  list: async () => [],
  change: async () => {},
};

/** For whom a tool is called: a run, or a client without a run. */
export type ToolCaller = Pick<RunRow, "agent_id" | "agent_key" | "user_id" | "session_id" | "session_key">;

/** Builds the environment of a tool call. Everything in it comes from the caller, and nothing from the arguments. */
export async function createToolEnvironment(
  toolName: string,
  { agents, clock, web, workspaceOf, toolSettings, readOnlyFoldersOf, memoryFilesOf }: ToolServices,
  db: TenantDatabase,
  caller: ToolCaller,
  call?: CallPlace,
): Promise<ToolEnvironment> {
  const { tenantId } = db;
  const [agent, settings] = await Promise.all([agents.load(db, caller.agent_id, call?.draft), toolSettings.load(db)]);
  const who = { tenantId, agentId: caller.agent_id, agentKey: caller.agent_key, userId: caller.user_id, clock, db };
  return {
    ...who,
    sessionId: caller.session_id,
    sessionKey: caller.session_key,
    call,
    workspace: workspaceOf(
      tenantId,
      caller.agent_id,
      workspaceName(caller.user_id, agent?.workspaceSharing ?? OWN_WORKSPACES),
    ),
    readOnlyFolders: readOnlyFoldersOf(db, { agentId: caller.agent_id, userId: caller.user_id }),
    memoryFiles: agent?.memory.isEnabled ? memoryFilesOf(who) : NO_MEMORY_FILES,
    web,
    shellDenyGroups: agent?.shellDenyGroups ?? {},
    mayUseNetwork: agent?.mayUseNetwork ?? false,
    settings: settings.of(toolName),
  };
}
