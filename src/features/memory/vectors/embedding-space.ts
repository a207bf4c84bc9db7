import { createHash } from "node:crypto";
import type { EmbeddingProvider } from "#features/providers/index.ts";
import type { EmbeddingModel } from "#models/embeddings/embedding-model.ts";
import type { ProviderType } from "#models/provider-types.ts";
import type { RunnableAgent } from "#runtime/runs/index.ts";

/** Vectors that can be compared: those of one embedding model, in one size. */
export interface EmbeddingSpace {
  /** Differs if the provider, its model or the size of its vectors does. */
  readonly id: string;
  /** The name of the provider's row. */
  readonly provider: string;
  readonly providerType: ProviderType;
  readonly model: string;
  readonly open: () => EmbeddingModel;
}

/** The model where nobody names one. */
const USUAL_MODEL = "text-embedding-3-small";
const ID_CHARS = 32;

/**
 * Chooses the space of an agent's vectors: that of the provider that its memory names. Without a name, it is that of
 * the agent's own provider, or else of the first one. Without a name, only providers that offer embeddings count.
 * Returns undefined if there is none.
 */
export function chooseSpace(
  { memory, provider: ownProvider }: Pick<RunnableAgent, "memory" | "provider">,
  providers: readonly EmbeddingProvider[],
): EmbeddingSpace | undefined {
  const { embedding, isEnabled, vectorWeight } = memory;
  if (!isEnabled || vectorWeight === 0) return undefined;
  const offered = providers.filter(({ isOffered }) => isOffered);
  const chosen =
    embedding.provider === ""
      ? (offered.find(({ name }) => name === ownProvider) ?? offered[0])
      : providers.find(({ name }) => name === embedding.provider);
  if (!chosen) return undefined;
  const model = embedding.model || chosen.model || USUAL_MODEL;
  const facts = JSON.stringify([chosen.id, model, chosen.dimensions ?? 0]);
  return {
    id: createHash("sha256").update(facts).digest("hex").slice(0, ID_CHARS),
    provider: chosen.name,
    providerType: chosen.providerType,
    model,
    open: () => chosen.open(model),
  };
}
