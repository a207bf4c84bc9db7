import type { ToCallOptions } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { toPrompt } from "#models/ai-sdk/to-prompt.ts";
import { toSharedOptions } from "#models/ai-sdk/to-shared-options.ts";

/** A call in the OpenAI chat format. */
export const toOpenAiOptions: ToCallOptions = (request, signal) => {
  const { reasoningEffort } = request.settings;
  const { responseFormat } = request;
  const isStrict = responseFormat?.type === "json_schema" && responseFormat.strict === true;
  return {
    ...toSharedOptions(request),
    prompt: toPrompt(request.messages, "text"),
    providerOptions: {
      openaiCompatible: { strictJsonSchema: isStrict, ...(reasoningEffort !== undefined && { reasoningEffort }) },
    },
    abortSignal: signal,
  };
};
