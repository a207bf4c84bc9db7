import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ModelTool } from "#models/language-model.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { selectTools, ToolPolicy } from "#runtime/tools/tool-policy.ts";
import type { TenantToolSettings, ToolSettingsSource } from "#runtime/tools/tool-settings.ts";
import type { ToolSet, ToolSource, ToolUser } from "#runtime/tools/tool-source.ts";

/** The tools of one run. The model can call exactly the tools that it is offered. */
export interface RunTools {
  readonly offered: readonly ModelTool[];
  /** The number of characters that the offered tools add to a model call. */
  readonly size: number;
  /** Returns the tool of exactly this name, or undefined if the run has no such tool. */
  find(name: string): Tool | undefined;
}

/** Decides which tools a run has. */
export interface RunToolsSource {
  load(db: TenantDatabase, user: ToolUser): Promise<RunTools>;
}

export const runToolsSource = defineService<RunToolsSource>("run-tools");

export interface RunToolsDependencies {
  /** In order of precedence: the first source that has a name provides its tool. */
  readonly sources: readonly ToolSource[];
  /** The operator's rules. */
  readonly policy: ToolPolicy;
  readonly settings: ToolSettingsSource;
}

interface Decision {
  readonly settings: TenantToolSettings;
  readonly versions: readonly unknown[];
  readonly runTools: RunTools;
}

/**
 * Creates the source of every run's tools. It applies the operator's policy, the agent's policy and the tenant's
 * settings to the tools of all sources. A decision is cached until the agent, the settings or a source's version
 * changes.
 */
export function createRunToolsSource({ sources, policy, settings }: RunToolsDependencies): RunToolsSource {
  const decisions = new WeakMap<ToolUser["agent"], Decision>();
  return {
    async load(db, user) {
      const { agent } = user;
      const [bySettings, ...sets] = await Promise.all([
        settings.load(db),
        ...sources.map((source) => source.load(db, user)),
      ]);
      const versions = sets.map(({ version }) => version);
      const known = decisions.get(agent);
      if (known?.settings === bySettings && isSame(known.versions, versions)) return known.runTools;
      const rules = {
        global: policy,
        agent: ToolPolicy.parse(agent.toolsConfig),
        provider: agent.provider,
        disabled: bySettings.disabled,
      };
      const runTools = toRunTools(selectTools(merge(sets), rules));
      decisions.set(agent, { settings: bySettings, versions, runTools });
      return runTools;
    },
  };
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((version, index) => version === b[index]);

const merge = (sets: readonly ToolSet[]): ReadonlyMap<string, Tool> =>
  new Map(sets.toReversed().flatMap(({ tools }) => [...tools]));

function toRunTools(selected: ReadonlyMap<string, Tool>): RunTools {
  const offered = [...selected.values()].map(({ name, description, parameters }) => ({
    name,
    description,
    parameters,
  }));
  return { offered, size: JSON.stringify(offered).length, find: (name) => selected.get(name) };
}

/** Returns the tools that the model is offered. A client tool replaces a tool of the gateway with the same name. */
export function toModelTools({ offered }: RunTools, clientTools: readonly ModelTool[]): readonly ModelTool[] {
  if (clientTools.length === 0) return offered;
  return [...offered.filter(({ name }) => !clientTools.some((tool) => tool.name === name)), ...clientTools];
}
