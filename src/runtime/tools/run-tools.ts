import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ModelTool } from "#models/language-model.ts";
import type { RunnableAgent } from "#runtime/ports.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { findTool, selectTools, ToolPolicy } from "#runtime/tools/tool-policy.ts";
import type { TenantToolSettings, ToolSettingsSource } from "#runtime/tools/tool-settings.ts";

/** The tools of one run: what the model is offered is exactly what its calls may reach. */
export interface RunTools {
  readonly offered: readonly ModelTool[];
  /** Characters that describing them takes. */
  readonly size: number;
  /** The tool a call means; undefined when the run has none of that name. */
  find(name: string): Tool | undefined;
}

/** Decides which tools a run has: by the operator's rules, the agent's, and what the tenant switched off. */
export interface RunToolsSource {
  load(db: TenantDatabase, agent: Pick<RunnableAgent, "provider" | "toolsConfig">): Promise<RunTools>;
}

export interface RunToolsDependencies {
  readonly tools: ReadonlyMap<string, Tool>;
  /** The operator's rules. */
  readonly policy: ToolPolicy;
  readonly settings: ToolSettingsSource;
}

type Agent = Parameters<RunToolsSource["load"]>[1];

/** Remembers what it decided for an agent until the agent or its tenant's settings are read anew. */
export function createRunToolsSource({ tools, policy, settings }: RunToolsDependencies): RunToolsSource {
  const decided = new WeakMap<Agent, { readonly by: TenantToolSettings; readonly runTools: RunTools }>();
  return {
    async load(db, agent) {
      const by = await settings.load(db);
      const known = decided.get(agent);
      if (known?.by === by) return known.runTools;
      const reachable = db.tenantId === MASTER_TENANT_ID ? tools : withoutMasterTools(tools);
      const { provider, toolsConfig } = agent;
      const rules = { global: policy, agent: ToolPolicy.parse(toolsConfig), provider, disabled: by.disabled };
      const runTools = toRunTools(selectTools(reachable, rules));
      decided.set(agent, { by, runTools });
      return runTools;
    },
  };
}

const withoutMasterTools = (tools: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> =>
  new Map([...tools].filter(([, { isForMasterOnly }]) => !isForMasterOnly));

function toRunTools(selected: ReadonlyMap<string, Tool>): RunTools {
  const offered = [...selected.values()].map(({ name, description, parameters }) => ({
    name,
    description,
    parameters,
  }));
  return { offered, size: JSON.stringify(offered).length, find: (name) => findTool(selected, name) };
}

/** What the model is offered: the caller's tools, and ours where the caller has none of the same name. */
export function toModelTools({ offered }: RunTools, clientTools: readonly ModelTool[]): readonly ModelTool[] {
  if (clientTools.length === 0) return offered;
  return [...offered.filter(({ name }) => !clientTools.some((tool) => tool.name === name)), ...clientTools];
}
