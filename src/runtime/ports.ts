import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LanguageModel, ReasoningEffort } from "#models/language-model.ts";
import type { PriceOf } from "#runtime/to-usage.ts";

/** What the run engine needs to know of an agent, read when a run begins. */
export interface RunnableAgent {
  readonly id: string;
  readonly key: string;
  readonly displayName: string;
  readonly status: string;
  /** Name of the provider row in the agent's tenant. */
  readonly provider: string;
  readonly model: string;
  /** Model calls that one run may make. */
  readonly maxIterations: number;
  /** Undefined leaves it to the provider. In tokens. */
  readonly maxOutputTokens: number | undefined;
  readonly reasoningEffort: ReasoningEffort | undefined;
  /** The agent's own rules about its tools, as stored. */
  readonly toolsConfig: Readonly<Record<string, unknown>>;
  /** In the order in which they stand in the system prompt. */
  readonly contextFiles: readonly ContextFile[];
}

export interface ContextFile {
  readonly name: string;
  readonly content: string;
}

/** Finds agents for runs; undefined when the agent is gone. */
export interface AgentSource {
  load(db: TenantDatabase, agentId: string): Promise<RunnableAgent | undefined>;
}

export interface OpenModel {
  readonly model: LanguageModel;
  readonly providerType: string;
}

/** Opens the model behind a provider row. Throws FAILED_PRECONDITION when the row is missing, disabled or cannot run. */
export interface ModelSource {
  open(db: TenantDatabase, providerName: string): Promise<OpenModel>;
}

/** The engine's own ports, for features that call a model without a run. */
export const agentSource = defineService<AgentSource>("agent-source");
export const modelSource = defineService<ModelSource>("model-source");
export const priceSource = defineService<PriceOf>("price-source");
