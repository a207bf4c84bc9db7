import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { findAgent } from "#features/agents/repository.ts";
import { type AgentDraft, withDraft } from "#features/agents/runnable/agent-draft.ts";
import { rememberAgents } from "#features/agents/runnable/remember-agents.ts";
import { toMemorySettings } from "#features/agents/runnable/to-memory-settings.ts";
import { toWorkspaceSharing } from "#features/agents/runnable/to-workspace-sharing.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";
import { findReasoningEffort } from "#models/language-model.ts";
import type {
  AgentSource,
  CompactionSettings,
  FallbackSettings,
  RunDraft,
  RunnableAgent,
} from "#runtime/runs/index.ts";

/** Creates the source from which runs load agents. */
export function createAgentSource(events: EventBus): AgentSource {
  const load = rememberAgents(events, readAgent);
  return { load: (db, agentId, draft) => (draft ? readAgent(db, agentId, draft) : load(db, agentId)) };
}

async function readAgent(db: TenantDatabase, agentId: string, draft?: RunDraft): Promise<RunnableAgent | undefined> {
  const agent = await findAgent(db.read, agentId);
  if (!agent || !draft) return agent && toRunnable(agent);
  // Safe: the schema checked the draft before it was stored with its run.
  const { files, ...settings } = draft as AgentDraft;
  return { ...toRunnable(withDraft(agent, settings)), draftedFiles: files };
}

function toRunnable(agent: StoredAgent): RunnableAgent {
  const { settings } = agent;
  return {
    id: agent.id,
    key: agent.key,
    name: toName(agent),
    status: agent.status,
    provider: agent.provider,
    model: agent.model,
    maxIterations: settings.max_tool_iterations,
    maxOutputTokens: settings.max_tokens || undefined,
    maxToolCalls: positive(settings.other_config?.max_tool_calls),
    budgetMonthlyCents: settings.budget_monthly_cents ?? undefined,
    contextWindow: settings.context_window,
    compaction: toCompaction(settings),
    fallback: toFallback(settings),
    shellDenyGroups: toToggles(settings),
    mayUseNetwork: settings.sandbox_config?.network_enabled === true,
    reasoningEffort: toReasoningEffort(settings),
    workspaceSharing: toWorkspaceSharing(settings),
    memory: toMemorySettings(settings),
    toolsConfig: settings.tools_config ?? {},
  };
}

const MAX_HISTORY_SHARE = 0.85;
const KEEP_LAST_MESSAGES = 4;
/** The upper limit for `keepLastMessages`. It ensures that a summary has messages to cover. */
const MAX_KEPT_MESSAGES = 100;

/** Reads the compaction settings. A value that is not a positive number counts as absent. */
function toCompaction({ compaction_config: config = {}, memory_config }: AgentSettings): CompactionSettings {
  const share = positive(config.maxHistoryShare);
  return {
    maxHistoryShare: share !== undefined && share <= 1 ? share : MAX_HISTORY_SHARE,
    keepLastMessages: Math.min(positive(config.keepLastMessages) ?? KEEP_LAST_MESSAGES, MAX_KEPT_MESSAGES),
    reserveTokens: positive(config.reserveTokensFloor) ?? 0,
    remember: memory_config?.enabled === false ? undefined : toRemembered(config.memoryFlush),
  };
}

/** What an agent remembers if its settings do not say it. */
const LASTING = "lasting facts about people and things, preferences, decisions with their reasons, and promises";

function toRemembered(config: unknown): string | undefined {
  // Safe: the schema checked these settings before they were stored.
  const { enabled, prompt } = (config ?? {}) as { readonly enabled?: boolean; readonly prompt?: string };
  return enabled === false ? undefined : prompt?.trim() || LASTING;
}

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;

const toToggles = ({ shell_deny_groups = {} }: AgentSettings): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(shell_deny_groups).flatMap(([name, value]) => (typeof value === "boolean" ? [[name, value]] : [])),
  );

/** The stored shape of `model_fallback`, after its schema. */
interface StoredFallback {
  readonly enabled?: boolean;
  readonly candidates?: readonly { readonly provider: string; readonly model: string }[];
  readonly max_attempts?: number;
  readonly cooldown_enabled?: boolean;
}

function toFallback({ model_fallback }: AgentSettings): FallbackSettings {
  // Safe: the schema checked these settings before they were stored.
  const { enabled, candidates = [], max_attempts, cooldown_enabled } = (model_fallback ?? {}) as StoredFallback;
  const limited = max_attempts === undefined || max_attempts === 0 ? candidates : candidates.slice(0, max_attempts);
  return { candidates: enabled === false ? [] : limited, skipsCoolingDown: cooldown_enabled !== false };
}

/**
 * Returns the effort of a custom `reasoning_config`, or else of `thinking_level`, or else "inherit" for the provider's
 * default. Returns undefined for `off` and `auto`, which leave the effort to the model.
 */
function toReasoningEffort({ reasoning_config, thinking_level }: AgentSettings): RunnableAgent["reasoningEffort"] {
  const custom = reasoning_config?.override_mode === "custom" ? reasoning_config.effort : undefined;
  const effort = custom ?? thinking_level;
  return effort === "" ? "inherit" : findReasoningEffort(effort);
}
