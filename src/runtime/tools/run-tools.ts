import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { ModelTool } from "#models/language-model.ts";
import type { RunnableAgent } from "#runtime/ports.ts";
import type { RunDependencies } from "#runtime/run-dependencies.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { findTool, selectTools, ToolPolicy } from "#runtime/tools/tool-policy.ts";

/** The tools of one run: what the model is offered is exactly what its calls may reach. */
export interface RunTools {
  readonly offered: readonly Tool[];
  /** The tool a call means; undefined when the run has none of that name. */
  find(name: string): Tool | undefined;
}

/** Decides by the operator's rules, the agent's, and what the tenant switched off. */
export async function loadRunTools(
  { tools, toolPolicy, toolSettings, db }: Pick<RunDependencies, "tools" | "toolPolicy" | "toolSettings" | "db">,
  agent: Pick<RunnableAgent, "provider" | "toolsConfig">,
): Promise<RunTools> {
  const { disabled } = await toolSettings.load(db);
  const rules = { global: toolPolicy, agent: ToolPolicy.parse(agent.toolsConfig), provider: agent.provider, disabled };
  const isMaster = db.tenantId === MASTER_TENANT_ID;
  const reachable = isMaster ? tools : new Map([...tools].filter(([, { isForMasterOnly }]) => !isForMasterOnly));
  const selected = selectTools(reachable, rules);
  return { offered: [...selected.values()], find: (name) => findTool(selected, name) };
}

/** What the model is offered: the caller's tools, and ours where the caller has none of the same name. */
export function toModelTools({ offered }: RunTools, clientTools: readonly ModelTool[]): readonly ModelTool[] {
  const own = offered.filter(({ name }) => !clientTools.some((tool) => tool.name === name));
  return [...own.map(({ name, description, parameters }) => ({ name, description, parameters })), ...clientTools];
}
