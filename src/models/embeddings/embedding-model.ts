import type { ModelError } from "#models/language-model.ts";

/** One vector per text, in their order, or why there are none. */
export type EmbeddingResult =
  | {
      readonly kind: "vectors";
      readonly vectors: readonly (readonly number[])[];
      /** Zero when the provider does not tell. */
      readonly usage: { readonly input: number };
    }
  | { readonly kind: "error"; readonly error: ModelError };

/** Turns texts into vectors. Never throws. */
export interface EmbeddingModel {
  embed(texts: readonly string[], signal: AbortSignal): Promise<EmbeddingResult>;
}
