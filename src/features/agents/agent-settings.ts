import { BAG_NAMES, type BagName, type Bags } from "#features/agents/agent-bags.ts";
import type { Agent, AgentFieldsInput } from "#features/agents/schema.ts";

/** The content of the `config` column: settings that no query filters by, under their wire names. */
export type AgentSettings = Readonly<
  Pick<
    Agent,
    | "agent_type"
    | "context_window"
    | "max_tool_iterations"
    | "workspace"
    | "emoji"
    | "agent_description"
    | "thinking_level"
    | "max_tokens"
    | "self_evolve"
    | "skill_evolve"
    | "skill_nudge_interval"
  > & { display_name: string; frontmatter: string; budget_monthly_cents: number | null }
> &
  Bags;

const CONTEXT_WINDOW = 200_000;
const MAX_TOOL_ITERATIONS = 30;

/** Returns the default settings of a new agent. Its workspace directory is named after its key. */
export const defaultSettings = (agentKey: string): AgentSettings => ({
  display_name: "",
  frontmatter: "",
  agent_type: "predefined",
  agent_description: "",
  emoji: "",
  thinking_level: "",
  context_window: CONTEXT_WINDOW,
  max_tool_iterations: MAX_TOOL_ITERATIONS,
  max_tokens: 0,
  skill_nudge_interval: 0,
  workspace: agentKey,
  budget_monthly_cents: null,
  self_evolve: false,
  skill_evolve: false,
  compaction_config: {},
  memory_config: { enabled: true },
});

/** Returns `base` with the fields of a request applied. An absent field keeps its value, null empties it. */
export function applySettings(base: AgentSettings, input: AgentFieldsInput): AgentSettings {
  return {
    display_name: pick(input.display_name, base.display_name, ""),
    frontmatter: pick(input.frontmatter, base.frontmatter, ""),
    agent_type: input.agent_type || base.agent_type,
    agent_description: pick(input.agent_description, base.agent_description, ""),
    emoji: pick(input.emoji, base.emoji, ""),
    thinking_level: pick(input.thinking_level, base.thinking_level, ""),
    context_window: positive(pick(input.context_window, base.context_window, 0)) || CONTEXT_WINDOW,
    max_tool_iterations: positive(pick(input.max_tool_iterations, base.max_tool_iterations, 0)) || MAX_TOOL_ITERATIONS,
    max_tokens: positive(pick(input.max_tokens, base.max_tokens, 0)),
    skill_nudge_interval: positive(pick(input.skill_nudge_interval, base.skill_nudge_interval, 0)),
    workspace: input.workspace || base.workspace,
    budget_monthly_cents: pick(input.budget_monthly_cents, base.budget_monthly_cents, null),
    self_evolve: pick(input.self_evolve, base.self_evolve, false),
    skill_evolve: pick(input.skill_evolve, base.skill_evolve, false),
    ...Object.fromEntries(BAG_NAMES.map((name) => [name, pick(input[name], base[name], {})])),
    ...(input.tools_config && { tools_config: toToolsConfig(input.tools_config) }),
    ...(input.chatgpt_oauth_routing && { chatgpt_oauth_routing: toOauthRouting(input.chatgpt_oauth_routing) }),
  };
}

const pick = <Value>(value: Value | null | undefined, base: Value, empty: Value): Value =>
  value === undefined ? base : (value ?? empty);

const positive = (value: number): number => Math.max(0, value);

type BagInput<Name extends BagName> = NonNullable<AgentFieldsInput[Name]>;

/** Removes characters that tool names cannot contain from the prefix. Accepts its old wire name `toolPrefix`. */
function toToolsConfig({ toolPrefix, ...config }: BagInput<"tools_config">): BagInput<"tools_config"> {
  const prefix = config.toolCallPrefix ?? (typeof toolPrefix === "string" ? toolPrefix : undefined);
  return { ...config, ...(prefix !== undefined && { toolCallPrefix: prefix.replace(/[^a-z0-9_{}]/g, "") }) };
}

function toOauthRouting(routing: BagInput<"chatgpt_oauth_routing">): BagInput<"chatgpt_oauth_routing"> {
  const isLegacy = routing.strategy === "manual" || routing.strategy === "primary_first";
  return isLegacy ? { ...routing, strategy: "priority_order" } : routing;
}
