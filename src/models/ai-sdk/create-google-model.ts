import { createGoogleGenerativeAI } from "@ai-sdk/google";
import type { AdapterOptions } from "#models/adapter-options.ts";
import { createAiSdkModel } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { guardFetch } from "#models/ai-sdk/guard-fetch.ts";
import { toGoogleOptions } from "#models/ai-sdk/to-google-options.ts";
import type { LanguageModel } from "#models/language-model.ts";

/** The models behind one server that speaks Google's own format. */
export function createGoogleModel({ baseUrl, apiKey, egress }: AdapterOptions): LanguageModel {
  const provider = createGoogleGenerativeAI({
    baseURL: baseUrl,
    apiKey: apiKey.reveal(),
    fetch: guardFetch(egress.fetch),
  });
  return createAiSdkModel((modelId) => provider.languageModel(modelId), toGoogleOptions);
}
