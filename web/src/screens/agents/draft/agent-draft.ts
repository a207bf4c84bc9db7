import type { InputOf, OutputOf } from "#client/index.ts";

export type Agent = OutputOf<"agents.get">;
export type AgentChanges = Omit<InputOf<"agents.update">, "id">;
type ToolProfile = NonNullable<NonNullable<AgentChanges["tools_config"]>["profile"]>;
type OnBusy = NonNullable<NonNullable<AgentChanges["other_config"]>["on_busy"]>;

/**
 * The settings of an agent as its form holds them. Numbers are texts, since what a person types is not always one. An
 * empty text leaves the choice to the gateway.
 */
export interface AgentDraft {
  readonly display_name: string;
  readonly emoji: string;
  readonly frontmatter: string;
  readonly agent_description: string;
  readonly agent_type: Agent["agent_type"];
  readonly provider: string;
  readonly model: string;
  readonly thinking_level: string;
  readonly context_window: string;
  readonly max_tokens: string;
  readonly max_tool_iterations: string;
  readonly max_tool_calls: string;
  /** In dollars. */
  readonly budget_monthly_cents: string;
  readonly on_busy: OnBusy | "";
  readonly show_reasoning: boolean;
  readonly has_fallback: boolean;
  readonly candidates: readonly { readonly provider: string; readonly model: string }[];
  readonly cooldown_enabled: boolean;
  readonly profile: ToolProfile;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly alsoAllow: readonly string[];
  readonly network_enabled: boolean;
  readonly pinned_skills: readonly string[];
  readonly has_memory: boolean;
  readonly max_results: string;
  readonly min_score: string;
  readonly vector_weight: string;
  readonly text_weight: string;
  readonly memory_flush: boolean;
  readonly flush_prompt: string;
  readonly maxHistoryShare: string;
  readonly keepLastMessages: string;
  readonly shared_dm: boolean;
  readonly shared_group: boolean;
  readonly shared_users: readonly string[];
  readonly share_memory: boolean;
}

type Bag = Readonly<Record<string, unknown>>;

/** Reads values of a bag whose fields the gateway does not promise. */
const reader = (bag: Bag | undefined) => ({
  text: (name: string) => (typeof bag?.[name] === "string" ? bag[name] : ""),
  number: (name: string) => (typeof bag?.[name] === "number" ? String(bag[name]) : ""),
  flag: (name: string, fallback = false) => (typeof bag?.[name] === "boolean" ? bag[name] : fallback),
  list: (name: string) => {
    const value = bag?.[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  },
  bag: (name: string) => {
    const value = bag?.[name];
    return typeof value === "object" && value !== null ? (value as Bag) : undefined;
  },
});

/** Returns the settings of an agent as its form shows them. */
export function toDraft(agent: Agent): AgentDraft {
  const fallback = reader(agent.model_fallback);
  const tools = reader(agent.tools_config);
  const memory = reader(agent.memory_config);
  const compaction = reader(agent.compaction_config);
  const flush = reader(compaction.bag("memoryFlush"));
  const other = reader(agent.other_config);
  const sharing = reader(agent.workspace_sharing);
  return {
    display_name: agent.display_name ?? "",
    emoji: agent.emoji,
    frontmatter: agent.frontmatter ?? "",
    agent_description: agent.agent_description,
    agent_type: agent.agent_type,
    provider: agent.provider,
    model: agent.model,
    thinking_level: agent.thinking_level,
    context_window: String(agent.context_window),
    max_tokens: agent.max_tokens === 0 ? "" : String(agent.max_tokens),
    max_tool_iterations: String(agent.max_tool_iterations),
    max_tool_calls: other.number("max_tool_calls"),
    budget_monthly_cents: agent.budget_monthly_cents === undefined ? "" : String(agent.budget_monthly_cents / 100),
    // Safe: the gateway stores no other words here.
    on_busy: other.text("on_busy") as OnBusy | "",
    show_reasoning: other.flag("show_reasoning"),
    has_fallback: fallback.flag("enabled"),
    candidates: toCandidates(agent.model_fallback?.candidates),
    cooldown_enabled: fallback.flag("cooldown_enabled"),
    profile: tools.text("profile") as ToolProfile,
    allow: tools.list("allow"),
    deny: tools.list("deny"),
    alsoAllow: tools.list("alsoAllow"),
    network_enabled: reader(agent.sandbox_config).flag("network_enabled"),
    pinned_skills: other.list("pinned_skills"),
    has_memory: memory.flag("enabled", true),
    max_results: memory.number("max_results"),
    min_score: memory.number("min_score"),
    vector_weight: memory.number("vector_weight"),
    text_weight: memory.number("text_weight"),
    memory_flush: flush.flag("enabled", true),
    flush_prompt: flush.text("prompt"),
    maxHistoryShare: compaction.number("maxHistoryShare"),
    keepLastMessages: compaction.number("keepLastMessages"),
    shared_dm: sharing.flag("shared_dm"),
    shared_group: sharing.flag("shared_group"),
    shared_users: sharing.list("shared_users"),
    share_memory: sharing.flag("share_memory"),
  };
}

function toCandidates(stored: unknown): AgentDraft["candidates"] {
  if (!Array.isArray(stored)) return [];
  return stored.map((candidate: Bag) => {
    const { text } = reader(candidate);
    return { provider: text("provider"), model: text("model") };
  });
}
