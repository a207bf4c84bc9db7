import type { LanguageModel } from "#models/language-model.ts";

/** A model that answers every call with the reason why it cannot. */
export function createUnsupportedModel(message: string): LanguageModel {
  return {
    async *stream() {
      yield { type: "error", error: { kind: "unsupported", message } };
    },
  };
}
