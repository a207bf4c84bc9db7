import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { LIMITS } from "#base/limits.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ModelTool } from "#models/language-model.ts";
import { type DeferralRules, deferTools } from "#runtime/tools/deferral/defer-tools.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import {
  createRuleOf,
  isSelecting,
  selectTools,
  ToolPolicy,
  type ToolPolicyInput,
  type ToolRule,
} from "#runtime/tools/tool-policy.ts";
import type { TenantToolSettings, ToolSettingsSource } from "#runtime/tools/tool-settings.ts";
import type { ToolSet, ToolSource, ToolUser } from "#runtime/tools/tool-source.ts";

/** The tools of one run. The model can call exactly the tools that it is offered. */
export interface RunTools {
  readonly offered: readonly ModelTool[];
  /** The number of characters that the offered tools add to a model call. */
  readonly size: number;
  /** Tools that are offered once the run has searched for them. */
  readonly deferred: ReadonlyMap<string, Tool>;
  /** What the system prompt says about the deferred tools, or "". */
  readonly introduction: string;
  /** Returns the tool of exactly this name, or undefined if the run has no such tool. */
  find(name: string): Tool | undefined;
}

/** A tool that a run could have, and the rule that decides whether it does. */
export interface JudgedTool {
  readonly tool: Tool;
  readonly rule: ToolRule;
  /** True if the run has it. */
  readonly isSelected: boolean;
  /** True if the run has it only once it has searched for it. */
  readonly isDeferred: boolean;
}

/** Decides which tools a run has. */
export interface RunToolsSource {
  load(db: TenantDatabase, user: ToolUser): Promise<RunTools>;
  /** Says of every tool, by name, why a run would have it or not. */
  explain(db: TenantDatabase, user: ToolUser): Promise<readonly JudgedTool[]>;
}

export const runToolsSource = defineService<RunToolsSource>("run-tools");

export interface RunToolsDependencies {
  /** In order of precedence: the first source that has a name provides its tool. */
  readonly sources: readonly ToolSource[];
  /** Returns the operator's present rules: another object once they change. */
  readonly policy: () => ToolPolicy;
  readonly settings: ToolSettingsSource;
  readonly deferral: DeferralRules;
}

interface Decision {
  readonly policy: ToolPolicy;
  readonly settings: TenantToolSettings;
  readonly versions: readonly unknown[];
  readonly runTools: RunTools;
}

/** Decisions about one agent, which its users share as far as their tools are the same. */
type AgentDecisions = BoundedCache<number, Decision>;

/**
 * Creates the source of every run's tools. It applies the operator's policy, the agent's policy and the tenant's
 * settings to the tools of all sources. A decision is cached until the agent, a policy, the settings or a source's
 * version changes.
 */
export function createRunToolsSource(dependencies: RunToolsDependencies): RunToolsSource {
  const { sources, settings, deferral } = dependencies;
  const byAgent = new WeakMap<ToolUser["agent"], AgentDecisions>();
  let lastKey = 0;
  return {
    async load(db, user) {
      const { agent } = user;
      const policy = dependencies.policy();
      const [bySettings, ...sets] = await Promise.all([
        settings.load(db),
        ...sources.map((source) => source.load(db, user)),
      ]);
      const versions = sets.map(({ version }) => version);
      const decisions = byAgent.get(agent) ?? new BoundedCache({ max: LIMITS.toolDecisionsPerAgent });
      byAgent.set(agent, decisions);
      for (const key of decisions.keys().toReversed()) {
        const known = decisions.peek(key);
        if (known?.policy !== policy || known.settings !== bySettings) continue;
        if (isSame(known.versions, versions)) return (decisions.get(key) ?? known).runTools;
      }
      const runTools = decide(agent, sets, bySettings, { policy, deferral });
      decisions.set(++lastKey, { policy, settings: bySettings, versions, runTools });
      return runTools;
    },
    async explain(db, user) {
      const [{ disabled }, ...sets] = await Promise.all([
        settings.load(db),
        ...sources.map((source) => source.load(db, user)),
      ]);
      const ruleOf = createRuleOf(rulesOf(user.agent, dependencies.policy(), disabled));
      const { deferred } = await this.load(db, user);
      return [...merge(sets)].map(([name, tool]) => {
        const rule = ruleOf(name, tool);
        return { tool, rule, isSelected: isSelecting(rule), isDeferred: deferred.has(name) };
      });
    },
  };
}

const rulesOf = (
  { toolsConfig, provider }: ToolUser["agent"],
  global: ToolPolicy,
  disabled: ReadonlySet<string>,
): ToolPolicyInput => ({ global, agent: ToolPolicy.parse(toolsConfig), provider, disabled });

function decide(
  agent: ToolUser["agent"],
  sets: readonly ToolSet[],
  { disabled }: TenantToolSettings,
  { policy, deferral }: { readonly policy: ToolPolicy; readonly deferral: DeferralRules },
): RunTools {
  return toRunTools(selectTools(merge(sets), rulesOf(agent, policy, disabled)), deferral);
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((version, index) => version === b[index]);

const merge = (sets: readonly ToolSet[]): ReadonlyMap<string, Tool> =>
  new Map(sets.toReversed().flatMap(({ tools }) => [...tools]));

function toRunTools(selected: ReadonlyMap<string, Tool>, rules: DeferralRules): RunTools {
  const { offered: tools, deferred, introduction } = deferTools(selected, rules);
  const offered = [...tools.values()].map(({ name, description, parameters }) => ({ name, description, parameters }));
  const size = JSON.stringify(offered).length;
  return { offered, size, deferred, introduction, find: (name) => tools.get(name) };
}

/** Returns the tools that the model is offered. A client tool replaces a tool of the gateway with the same name. */
export function toModelTools({ offered }: RunTools, clientTools: readonly ModelTool[]): readonly ModelTool[] {
  if (clientTools.length === 0) return offered;
  return [...offered.filter(({ name }) => !clientTools.some((tool) => tool.name === name)), ...clientTools];
}
