import type { Clock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import type { TenantId } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { AgentSource, RunRow } from "#runtime/runs/index.ts";
import type { ToolEnvironment } from "#runtime/tools/tool.ts";
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
}

/** Builds the environment in which a run calls a tool. Everything in it comes from the run, nothing from the call. */
export async function createToolEnvironment(
  toolName: string,
  { agents, clock, web, workspaceOf, toolSettings }: ToolServices,
  db: TenantDatabase,
  run: RunRow,
): Promise<ToolEnvironment> {
  const { tenantId } = db;
  const [agent, settings] = await Promise.all([agents.load(db, run.agent_id), toolSettings.load(db)]);
  return {
    tenantId,
    agentId: run.agent_id,
    agentKey: run.agent_key,
    userId: run.user_id,
    sessionId: run.session_id,
    sessionKey: run.session_key,
    workspace: workspaceOf(
      tenantId,
      run.agent_id,
      workspaceName(run.user_id, agent?.workspaceSharing ?? OWN_WORKSPACES),
    ),
    clock,
    db,
    web,
    shellDenyGroups: agent?.shellDenyGroups ?? {},
    mayUseNetwork: agent?.mayUseNetwork ?? false,
    settings: settings.of(toolName),
  };
}
