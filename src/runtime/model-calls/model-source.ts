import type { Secret } from "#base/secret.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LanguageModel, ReasoningEffort } from "#models/language-model.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** The model of a provider, ready for calls. */
export interface OpenModel {
  readonly model: LanguageModel;
  /** The same models behind the provider's further keys. */
  readonly otherKeys: readonly LanguageModel[];
  readonly providerType: ProviderType;
  /** The provider's keys. They are removed from its messages. */
  readonly secrets: readonly Secret[];
  /** The provider's default, used if neither the caller nor the agent sets one. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

/** Opens the model of a provider row. */
export interface ModelSource {
  /** Throws FAILED_PRECONDITION if the row is missing, disabled or of a type that the gateway cannot run. */
  open(db: TenantDatabase, providerName: string): Promise<OpenModel>;
}
