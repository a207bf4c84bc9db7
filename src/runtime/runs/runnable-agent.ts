import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ReasoningEffort } from "#models/language-model.ts";

/** An agent in the form that runs need. It is read when a run begins. */
export interface RunnableAgent {
  readonly id: string;
  readonly key: string;
  /** The name by which the agent calls itself. */
  readonly name: string;
  readonly status: string;
  /** Name of the provider row in the agent's tenant. */
  readonly provider: string;
  readonly model: string;
  /** The limit of model calls per run. */
  readonly maxIterations: number;
  /** In tokens. If undefined, the provider decides. */
  readonly maxOutputTokens: number | undefined;
  /** The limit of tool calls per run. If undefined, only `maxIterations` limits them. */
  readonly maxToolCalls: number | undefined;
  /** What the agent may spend in a month, in US cents. Undefined if there is no limit. */
  readonly budgetMonthlyCents: number | undefined;
  /** The size of the model's context window, in tokens. */
  readonly contextWindow: number;
  readonly compaction: CompactionSettings;
  readonly fallback: FallbackSettings;
  /** Kinds of shell commands that the agent refuses or allows. They override the operator's settings. */
  readonly shellDenyGroups: Readonly<Record<string, boolean>>;
  /** True if the agent's commands ask for the network. The operator may still refuse it. */
  readonly mayUseNetwork: boolean;
  /** `inherit` uses the default of the provider that answers. If undefined, the model decides. */
  readonly reasoningEffort: ReasoningEffort | "inherit" | undefined;
  readonly workspaceSharing: WorkspaceSharing;
  readonly memory: MemorySettings;
  /** The agent's own tool policy, as stored. */
  readonly toolsConfig: Readonly<Record<string, unknown>>;
  /** Context files in place of the stored ones, by name. Only a drafted agent has them. */
  readonly draftedFiles?: Readonly<Record<string, string>> | undefined;
}

/** Unsaved settings with which one run tries its agent, as the feature of agents checks and reads them. */
export type RunDraft = Readonly<Record<string, unknown>>;

/** What an agent remembers across sessions. */
export interface MemorySettings {
  readonly isEnabled: boolean;
  /** True if all users share what the agent writes down. */
  readonly isShared: boolean;
  /** How many passages a search finds. */
  readonly maxResults: number;
  /** The score that a passage has to reach. */
  readonly minScore: number;
  /** What the likeness of meanings counts beside that of words. 0: searches compare words alone. */
  readonly vectorWeight: number;
  readonly textWeight: number;
  /** The longest stretch of a document that searches find, in characters. */
  readonly maxChunkChars: number;
  /** What a stretch repeats of the one before it, in characters. */
  readonly overlapChars: number;
  /** Who embeds texts. Empty names leave the choice to the providers of the tenant. */
  readonly embedding: { readonly provider: string; readonly model: string };
}

/** Which users of an agent work in one directory, instead of each in an own one. */
export interface WorkspaceSharing {
  /** True if every user does. */
  readonly isForAll: boolean;
  /** True if all group chats do. The user of a group chat is `group:` and its id. */
  readonly isForGroups: boolean;
  readonly users: readonly string[];
}

export interface CompactionSettings {
  /** The share of the context window, 0 to 1, above which older turns are summarised. */
  readonly maxHistoryShare: number;
  /** The number of newest messages that a summary does not cover. */
  readonly keepLastMessages: number;
  /** Tokens of the window that always stay free. */
  readonly reserveTokens: number;
  /** What a summary adds to the memory, in words. Undefined if it adds nothing. */
  readonly remember: string | undefined;
}

export interface FallbackSettings {
  /** The order of the candidates after the agent's own model. */
  readonly candidates: readonly { readonly provider: string; readonly model: string }[];
  /** True if candidates that failed recently are skipped. */
  readonly skipsCoolingDown: boolean;
}

/** Finds agents for runs. */
export interface AgentSource {
  /**
   * Resolves to undefined if the agent does not exist. With a draft, it is the agent as it would be then. That is a new
   * object each time, because what is remembered of an agent goes by its object.
   */
  load(db: TenantDatabase, agentId: string, draft?: RunDraft): Promise<RunnableAgent | undefined>;
}

/** Lets features load an agent whose model they call outside a run. */
export const agentSource = defineService<AgentSource>("agent-source");
