import { createAnthropic } from "@ai-sdk/anthropic";
import type { AdapterOptions } from "#models/adapter-options.ts";
import { AnthropicAnswer } from "#models/ai-sdk/anthropic-answer.ts";
import { createAiSdkModel } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { toAnthropicOptions } from "#models/ai-sdk/to-anthropic-options.ts";
import type { LanguageModel } from "#models/language-model.ts";

/** Creates the model interface for one server that speaks the Anthropic messages format. */
export const createAnthropicModel = ({ baseUrl, apiKey, egress }: AdapterOptions): LanguageModel =>
  createAiSdkModel(egress, {
    createProvider: (fetch) => createAnthropic({ baseURL: baseUrl, apiKey: apiKey.reveal(), fetch }),
    // The name stands in the body.
    toModelId: (model) => model,
    createAnswer: () => new AnthropicAnswer(),
    toCallOptions: toAnthropicOptions,
  });
