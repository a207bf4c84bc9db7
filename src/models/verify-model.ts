import type { LanguageModel, ModelError } from "#models/language-model.ts";

/** In tokens. The smallest limit that every provider accepts. */
const MAX_OUTPUT_TOKENS = 16;

/** Makes the smallest call that shows whether a model answers. Returns the error, or undefined if the model answers. */
export async function verifyModel(
  model: LanguageModel,
  modelId: string,
  signal: AbortSignal,
): Promise<ModelError | undefined> {
  const request = {
    model: modelId,
    messages: [{ role: "user" as const, parts: [{ type: "text" as const, text: "Say ok." }] }],
    tools: [],
    settings: { maxOutputTokens: MAX_OUTPUT_TOKENS },
  };
  for await (const event of model.stream(request, signal)) {
    if (event.type === "error") return event.error;
  }
  return undefined;
}
