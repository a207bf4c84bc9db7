import type { EventBus } from "#core/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import { CONTEXT_FILE_ORDER } from "#features/agents/default-context-files.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { rememberAgents } from "#features/agents/remember-agents.ts";
import { findAgent } from "#features/agents/repository.ts";
import { findReasoningEffort } from "#models/language-model.ts";
import { buildSystemPrompt } from "#runtime/build-prompt.ts";
import type { ContextFile } from "#runtime/context/truncate-context-files.ts";
import type { AgentSource, CompactionSettings, FallbackSettings, RunnableAgent } from "#runtime/ports.ts";

/** Agents as runs need them. */
export const createAgentSource = (events: EventBus): AgentSource => ({ load: rememberAgents(events, readAgent) });

async function readAgent(db: TenantDatabase, agentId: string): Promise<RunnableAgent | undefined> {
  const [agent, contextFiles] = await Promise.all([findAgent(db.read, agentId), readContextFiles(db, agentId)]);
  if (!agent) return undefined;
  const { settings } = agent;
  return {
    id: agent.id,
    key: agent.key,
    status: agent.status,
    provider: agent.provider,
    model: agent.model,
    maxIterations: settings.max_tool_iterations,
    maxOutputTokens: settings.max_tokens || undefined,
    maxToolCalls: positive(settings.other_config?.max_tool_calls),
    contextWindow: settings.context_window,
    compaction: toCompaction(settings),
    fallback: toFallback(settings),
    shellDenyGroups: toToggles(settings),
    reasoningEffort: toReasoningEffort(settings),
    toolsConfig: settings.tools_config ?? {},
    systemPrompt: buildSystemPrompt(toName(agent) || agent.key, contextFiles),
  };
}

async function readContextFiles(db: TenantDatabase, agentId: string): Promise<readonly ContextFile[]> {
  const rows = await db.read
    .selectFrom("agent_context_files")
    .select(["file_name as name", "content"])
    .where("agent_id", "=", agentId)
    .execute();
  return rows.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function rank(name: string): number {
  const place = CONTEXT_FILE_ORDER.indexOf(name);
  return place === -1 ? CONTEXT_FILE_ORDER.length : place;
}

const MAX_HISTORY_SHARE = 0.85;
const KEEP_LAST_MESSAGES = 4;
/** The most that settings may ask to keep: a summary has to cover something. */
const MOST_KEPT_MESSAGES = 100;

/** The settings as GoClaw's users know them; what is no usable number counts as absent. */
function toCompaction({ compaction_config: config = {} }: AgentSettings): CompactionSettings {
  const share = positive(config.maxHistoryShare);
  return {
    maxHistoryShare: share !== undefined && share <= 1 ? share : MAX_HISTORY_SHARE,
    keepLastMessages: Math.min(positive(config.keepLastMessages) ?? KEEP_LAST_MESSAGES, MOST_KEPT_MESSAGES),
    reserveTokens: positive(config.reserveTokensFloor) ?? 0,
  };
}

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;

const toToggles = ({ shell_deny_groups = {} }: AgentSettings): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(shell_deny_groups).flatMap(([name, value]) => (typeof value === "boolean" ? [[name, value]] : [])),
  );

/** What the schema of an agent's `model_fallback` lets in. */
interface StoredFallback {
  readonly enabled?: boolean;
  readonly candidates?: readonly { readonly provider: string; readonly model: string }[];
  readonly max_attempts?: number;
  readonly cooldown_enabled?: boolean;
}

function toFallback({ model_fallback }: AgentSettings): FallbackSettings {
  // The settings were checked by the schema that this type copies when they were stored.
  const { enabled, candidates = [], max_attempts, cooldown_enabled } = (model_fallback ?? {}) as StoredFallback;
  const tried = max_attempts === undefined || max_attempts === 0 ? candidates : candidates.slice(0, max_attempts);
  return { candidates: enabled === false ? [] : tried, skipsCooling: cooldown_enabled !== false };
}

/**
 * A custom reasoning configuration counts before the plain level, and both before the provider's defaults; `off` and
 * `auto` leave it to the model.
 */
function toReasoningEffort({ reasoning_config, thinking_level }: AgentSettings): RunnableAgent["reasoningEffort"] {
  const custom = reasoning_config?.override_mode === "custom" ? reasoning_config.effort : undefined;
  const wanted = custom ?? thinking_level;
  return wanted === "" ? "inherit" : findReasoningEffort(wanted);
}
