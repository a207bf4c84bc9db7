import type { ModelError } from "#models/language-model.ts";

/** One vector per text in the same order, or the error. */
export type EmbeddingResult =
  | {
      readonly kind: "vectors";
      readonly vectors: readonly (readonly number[])[];
      /** In tokens. Zero if the provider does not report it. */
      readonly usage: { readonly input: number };
    }
  | { readonly kind: "error"; readonly error: ModelError };

/** Turns texts into vectors. Never throws. */
export interface EmbeddingModel {
  embed(texts: readonly string[], signal: AbortSignal): Promise<EmbeddingResult>;
}
