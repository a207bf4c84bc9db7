import { type Agent, type AgentChanges, type AgentDraft, toDraft } from "#web/screens/agents/draft/agent-draft.ts";

/** Returns what a draft changes of an agent, and nothing else, so that two people can change different things. */
export function toChanges(agent: Agent, draft: AgentDraft): AgentChanges {
  const before = toSettings(agent, toDraft(agent));
  const after = toSettings(agent, draft);
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof AgentChanges]),
    ),
  );
}

const toNumber = (text: string): number | undefined => (text.trim() === "" ? undefined : Number(text));

/** Changes fields of a bag and keeps all others. A field without a value is taken out. */
function change(bag: Readonly<Record<string, unknown>> | undefined, fields: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries({ ...bag, ...fields }).filter(([, value]) => value !== undefined));
}

const orNothing = <Value extends string | readonly unknown[]>(value: Value): Value | undefined =>
  value.length === 0 ? undefined : value;

/** False is what the gateway does without the field, unless the agent has the field already. */
const flag = (bag: Readonly<Record<string, unknown>> | undefined, name: string, value: boolean, fallback = false) =>
  value === fallback && bag?.[name] === undefined ? undefined : value;

function toSettings(agent: Agent, draft: AgentDraft): AgentChanges {
  const { model_fallback, tools_config, memory_config, other_config, workspace_sharing, sandbox_config } = agent;
  const budget = toNumber(draft.budget_monthly_cents);
  return {
    display_name: draft.display_name,
    emoji: draft.emoji,
    frontmatter: draft.frontmatter,
    agent_description: draft.agent_description,
    agent_type: draft.agent_type,
    provider: draft.provider,
    model: draft.model,
    // Safe: the choices of the form are those of the gateway.
    thinking_level: draft.thinking_level as NonNullable<AgentChanges["thinking_level"]>,
    context_window: toNumber(draft.context_window) ?? 0,
    max_tokens: toNumber(draft.max_tokens) ?? 0,
    max_tool_iterations: toNumber(draft.max_tool_iterations) ?? 0,
    budget_monthly_cents: budget === undefined ? null : Math.round(budget * 100),
    model_fallback: change(model_fallback, {
      enabled: flag(model_fallback, "enabled", draft.has_fallback),
      candidates: orNothing(draft.candidates),
      cooldown_enabled: flag(model_fallback, "cooldown_enabled", draft.cooldown_enabled),
    }),
    tools_config: change(tools_config, {
      profile: orNothing(draft.profile),
      allow: orNothing(draft.allow),
      deny: orNothing(draft.deny),
      alsoAllow: orNothing(draft.alsoAllow),
    }),
    sandbox_config: change(sandbox_config, {
      network_enabled: flag(sandbox_config, "network_enabled", draft.network_enabled),
    }),
    other_config: change(other_config, {
      on_busy: orNothing(draft.on_busy),
      max_tool_calls: toNumber(draft.max_tool_calls),
      show_reasoning: flag(other_config, "show_reasoning", draft.show_reasoning),
      pinned_skills: orNothing(draft.pinned_skills),
    }),
    memory_config: change(memory_config, {
      enabled: flag(memory_config, "enabled", draft.has_memory, true),
      max_results: toNumber(draft.max_results),
      min_score: toNumber(draft.min_score),
      vector_weight: toNumber(draft.vector_weight),
      text_weight: toNumber(draft.text_weight),
    }),
    compaction_config: toCompaction(agent, draft),
    workspace_sharing: change(workspace_sharing, {
      shared_dm: flag(workspace_sharing, "shared_dm", draft.shared_dm),
      shared_group: flag(workspace_sharing, "shared_group", draft.shared_group),
      shared_users: orNothing(draft.shared_users),
      share_memory: flag(workspace_sharing, "share_memory", draft.share_memory),
    }),
  };
}

function toCompaction({ compaction_config }: Agent, draft: AgentDraft): NonNullable<AgentChanges["compaction_config"]> {
  const stored = compaction_config?.memoryFlush as Readonly<Record<string, unknown>> | undefined;
  const flush = change(stored, {
    enabled: flag(stored, "enabled", draft.memory_flush, true),
    prompt: orNothing(draft.flush_prompt),
  });
  return change(compaction_config, {
    maxHistoryShare: toNumber(draft.maxHistoryShare),
    keepLastMessages: toNumber(draft.keepLastMessages),
    memoryFlush: stored || Object.keys(flush).length > 0 ? flush : undefined,
  });
}
