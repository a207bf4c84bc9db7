import type { LanguageModel } from "#models/language-model.ts";

/** Creates a model that answers every call with an `unsupported` error. */
export function createUnsupportedModel(message: string): LanguageModel {
  return {
    async *stream() {
      yield { type: "error", error: { kind: "unsupported", message } };
    },
  };
}
