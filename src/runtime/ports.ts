import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LanguageModel, ReasoningEffort } from "#models/language-model.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** What the run engine needs to know of an agent, read when a run begins. */
export interface RunnableAgent {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  /** Name of the provider row in the agent's tenant. */
  readonly provider: string;
  readonly model: string;
  /** Model calls that one run may make. */
  readonly maxIterations: number;
  /** Undefined leaves it to the provider. In tokens. */
  readonly maxOutputTokens: number | undefined;
  /** Tool calls that one run may make; undefined sets no limit of its own. */
  readonly maxToolCalls: number | undefined;
  /** What the model can read at once, in tokens. */
  readonly contextWindow: number;
  readonly compaction: CompactionSettings;
  readonly fallback: FallbackSettings;
  /** Kinds of shell commands, each refused or let through whatever the operator says. */
  readonly shellDenyGroups: Readonly<Record<string, boolean>>;
  /** `inherit` takes the default of the provider that answers; undefined leaves it to the model. */
  readonly reasoningEffort: ReasoningEffort | "inherit" | undefined;
  /** The agent's own rules about its tools, as stored. */
  readonly toolsConfig: Readonly<Record<string, unknown>>;
  /** Who the agent is and how it works, the same for every run. */
  readonly systemPrompt: string;
}

export interface CompactionSettings {
  /** The share of the context window, 0 to 1, from which on older turns are summarised. */
  readonly maxHistoryShare: number;
  /** Messages that stay as they are. */
  readonly keepLastMessages: number;
  /** Tokens of the window that are never filled. */
  readonly reserveTokens: number;
}

export interface FallbackSettings {
  /** Tried in this order when the agent's own model fails. */
  readonly candidates: readonly { readonly provider: string; readonly model: string }[];
  /** Whether a candidate that failed lately is passed over. */
  readonly skipsCooling: boolean;
}

/** Finds agents for runs; undefined when the agent is gone. */
export interface AgentSource {
  load(db: TenantDatabase, agentId: string): Promise<RunnableAgent | undefined>;
}

export interface OpenModel {
  readonly model: LanguageModel;
  readonly providerType: ProviderType;
  /** How hard the provider's models think where nobody says. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

/** Opens the model behind a provider row. Throws FAILED_PRECONDITION when the row is missing, disabled or cannot run. */
export interface ModelSource {
  open(db: TenantDatabase, providerName: string): Promise<OpenModel>;
}

/** For features that call an agent's model without a run. */
export const agentSource = defineService<AgentSource>("agent-source");
