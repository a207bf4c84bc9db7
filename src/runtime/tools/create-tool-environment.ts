import type { RunRow } from "#runtime/claim-run.ts";
import type { RunDependencies } from "#runtime/run-dependencies.ts";
import type { ToolEnvironment } from "#runtime/tools/tool.ts";

/** Where a tool of this name runs when this run calls it. All of it comes from the run, none from the call. */
export async function createToolEnvironment(
  toolName: string,
  { db, agents, clock, web, workspaceOf, toolSettings }: RunDependencies,
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
    workspace: workspaceOf(tenantId, run.agent_id),
    clock,
    db,
    web,
    shellDenyGroups: agent?.shellDenyGroups ?? {},
    settings: settings.of(toolName),
  };
}
