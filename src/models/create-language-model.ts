import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { Secret } from "#base/secret.ts";
import { createAiSdkModel } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { toAnthropicOptions } from "#models/ai-sdk/to-anthropic-options.ts";
import { toNativeOpenAiBody } from "#models/ai-sdk/to-native-openai-body.ts";
import { toOpenAiOptions } from "#models/ai-sdk/to-openai-options.ts";
import { createDemoModel } from "#models/demo/demo-model.ts";
import type { LanguageModel } from "#models/language-model.ts";
import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import { createUnsupportedModel } from "#models/unsupported-model.ts";

export interface LanguageModelOptions {
  readonly providerType: ProviderType;
  /** Empty or absent means the type's own. */
  readonly apiBase?: string | undefined;
  readonly apiKey: Secret;
  /** The provider door of egress. */
  readonly egressFetch: EgressFetch;
}

/** The models of one configured provider. Which of them answers is in each request. */
export function createLanguageModel(options: LanguageModelOptions): LanguageModel {
  const { wire, defaultBase } = providerTypeFacts(options.providerType);
  const baseURL = (options.apiBase || defaultBase || "").replace(/\/+$/, "");
  switch (wire) {
    case "openai":
      return createOpenAiModel(baseURL, options);
    case "anthropic":
      return createAnthropicModel(baseURL, options);
    case "demo":
      return createDemoModel();
    case "none":
      return createUnsupportedModel(`providers of type ${options.providerType} cannot be run`);
  }
}

const NATIVE_OPENAI_HOST = "api.openai.com";

function createOpenAiModel(baseURL: string, { apiKey, egressFetch }: LanguageModelOptions): LanguageModel {
  const isNative = URL.canParse(baseURL) && new URL(baseURL).hostname === NATIVE_OPENAI_HOST;
  const provider = createOpenAICompatible({
    name: "openaiCompatible",
    baseURL,
    apiKey: apiKey.reveal(),
    fetch: toFetchFunction(egressFetch),
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(isNative && { transformRequestBody: toNativeOpenAiBody }),
  });
  return createAiSdkModel((modelId) => provider.chatModel(modelId), toOpenAiOptions);
}

function createAnthropicModel(baseURL: string, { apiKey, egressFetch }: LanguageModelOptions): LanguageModel {
  const provider = createAnthropic({ baseURL, apiKey: apiKey.reveal(), fetch: toFetchFunction(egressFetch) });
  return createAiSdkModel((modelId) => provider.languageModel(modelId), toAnthropicOptions);
}

/** Bun's type of `fetch` has a method beside the call, which the SDK never uses. */
const toFetchFunction = (egressFetch: EgressFetch): typeof fetch =>
  Object.assign((input: string | URL | Request, init?: RequestInit) => egressFetch(input, init), {
    preconnect: () => {},
  });
