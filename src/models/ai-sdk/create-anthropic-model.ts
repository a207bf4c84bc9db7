import { createAnthropic } from "@ai-sdk/anthropic";
import type { AdapterOptions } from "#models/adapter-options.ts";
import { createAiSdkModel } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { guardFetch } from "#models/ai-sdk/guard-fetch.ts";
import { toAnthropicOptions } from "#models/ai-sdk/to-anthropic-options.ts";
import type { LanguageModel } from "#models/language-model.ts";

/** The models behind one server that speaks the Anthropic messages format. */
export function createAnthropicModel({ baseUrl, apiKey, egress }: AdapterOptions): LanguageModel {
  const provider = createAnthropic({ baseURL: baseUrl, apiKey: apiKey.reveal(), fetch: guardFetch(egress.fetch) });
  return createAiSdkModel((modelId) => provider.languageModel(modelId), toAnthropicOptions);
}
