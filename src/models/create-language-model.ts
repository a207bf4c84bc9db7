import type { EgressSender } from "#base/egress/create-egress.ts";
import type { Secret } from "#base/secret.ts";
import type { AdapterOptions } from "#models/adapter-options.ts";
import { createLazyModel } from "#models/create-lazy-model.ts";
import { createDemoModel } from "#models/demo/demo-model.ts";
import type { LanguageModel } from "#models/language-model.ts";
import { createOpenAiChatModel } from "#models/openai-chat/create-openai-chat-model.ts";
import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import { resolveQuirks } from "#models/quirks/resolve-quirks.ts";
import { missingBase, toBaseUrl } from "#models/to-base-url.ts";
import { createUnsupportedModel } from "#models/unsupported-model.ts";

export interface LanguageModelOptions {
  readonly providerType: ProviderType;
  /** If empty or absent, the type's default base is used. */
  readonly apiBase?: string | undefined;
  readonly apiKey: Secret;
  /** True if marks such as `<think>` in the text are part of the answer. By default, they enclose reasoning. */
  readonly keepsThoughtMarks?: boolean | undefined;
  /** The egress sender for calls to providers. */
  readonly egress: EgressSender;
}

/**
 * Creates the model interface of one configured provider. Each request names its model. A provider that cannot run gets
 * a model that answers every call with an `unsupported` error.
 */
export function createLanguageModel({
  providerType,
  apiBase,
  keepsThoughtMarks = false,
  ...options
}: LanguageModelOptions): LanguageModel {
  const { wire, reason } = providerTypeFacts(providerType);
  if (wire === "none") return createUnsupportedModel(`providers of type ${providerType} cannot be run: ${reason}`);
  if (wire === "demo") return createDemoModel();

  const baseUrl = toBaseUrl(providerType, apiBase);
  if (baseUrl === undefined) return createUnsupportedModel(missingBase(providerType));
  const adapter: AdapterOptions = { ...options, baseUrl };
  switch (wire) {
    case "openai":
      return createOpenAiChatModel({
        ...adapter,
        quirks: {
          ...resolveQuirks(providerType, baseUrl),
          ...(keepsThoughtMarks && { withoutThoughtMarks: true as const }),
        },
      });
    // The AI SDK packages are slow to load and use memory, so they are loaded on first use.
    case "anthropic":
      return createLazyModel(async () =>
        (await import("#models/ai-sdk/create-anthropic-model.ts")).createAnthropicModel(adapter),
      );
    case "google":
      return createLazyModel(async () =>
        (await import("#models/ai-sdk/create-google-model.ts")).createGoogleModel(adapter),
      );
  }
}
