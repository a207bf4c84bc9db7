import {
  BAILIAN_CODING,
  BYTEPLUS,
  COHERE,
  DASHSCOPE,
  DEEPSEEK,
  GOOGLE_OPENAI,
  GROQ,
  KIMI,
  MINIMAX,
  MISTRAL,
  OLLAMA,
  OPENROUTER,
  PERPLEXITY,
  UNKNOWN_SERVER,
  XAI,
  ZAI,
} from "#models/quirks/provider-quirks.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

/** The protocol that a provider type speaks. `none` means that it can be configured but not run. */
export type ProviderWire = "openai" | "anthropic" | "google" | "demo" | "none";

export interface ProviderTypeFacts {
  readonly wire: ProviderWire;
  /** Absent if the address differs between customers. `api_base` is required then. */
  readonly defaultBase?: string;
  readonly quirks?: Quirks;
  /** Why a provider with wire `none` cannot run. */
  readonly reason?: string;
}

/** Every provider type that a provider row may have. Each base comes from the provider's documentation. */
export const PROVIDER_TYPES = {
  // https://docs.anthropic.com/en/api/messages
  anthropic_native: { wire: "anthropic", defaultBase: "https://api.anthropic.com/v1" },
  // https://platform.openai.com/docs/api-reference/chat
  openai_compat: { wire: "openai", defaultBase: "https://api.openai.com/v1", quirks: UNKNOWN_SERVER },
  // https://ai.google.dev/api/generate-content
  gemini_native: { wire: "google", defaultBase: "https://generativelanguage.googleapis.com/v1beta" },
  // https://openrouter.ai/docs/quickstart
  openrouter: { wire: "openai", defaultBase: "https://openrouter.ai/api/v1", quirks: OPENROUTER },
  // https://console.groq.com/docs/openai
  groq: { wire: "openai", defaultBase: "https://api.groq.com/openai/v1", quirks: GROQ },
  // https://api-docs.deepseek.com
  deepseek: { wire: "openai", defaultBase: "https://api.deepseek.com/v1", quirks: DEEPSEEK },
  // https://docs.mistral.ai/api
  mistral: { wire: "openai", defaultBase: "https://api.mistral.ai/v1", quirks: MISTRAL },
  // https://docs.x.ai/docs/api-reference
  xai: { wire: "openai", defaultBase: "https://api.x.ai/v1", quirks: XAI },
  // https://platform.minimax.io/docs/api-reference/text-openai-api
  minimax_native: { wire: "openai", defaultBase: "https://api.minimax.io/v1", quirks: MINIMAX },
  // https://docs.cohere.com/docs/compatibility-api
  cohere: { wire: "openai", defaultBase: "https://api.cohere.ai/compatibility/v1", quirks: COHERE },
  // https://docs.perplexity.ai
  perplexity: { wire: "openai", defaultBase: "https://api.perplexity.ai", quirks: PERPLEXITY },
  // https://www.alibabacloud.com/help/en/model-studio
  dashscope: {
    wire: "openai",
    defaultBase: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    quirks: DASHSCOPE,
  },
  // https://www.alibabacloud.com/help/en/model-studio/coding-plan
  bailian: { wire: "openai", defaultBase: "https://coding-intl.dashscope.aliyuncs.com/v1", quirks: BAILIAN_CODING },
  chatgpt_oauth: { wire: "none", reason: "it signs in with a ChatGPT account, which the gateway cannot do" },
  claude_cli: { wire: "none", reason: "it runs the claude command on its user's machine, which the gateway does not" },
  // https://yescale.io/llms-full.txt
  yescale: { wire: "openai", defaultBase: "https://api.yescale.io/v1", quirks: UNKNOWN_SERVER },
  // https://docs.z.ai/api-reference/llm/chat-completion
  zai: { wire: "openai", defaultBase: "https://api.z.ai/api/paas/v4", quirks: ZAI },
  // https://docs.z.ai/devpack/overview
  zai_coding: { wire: "openai", defaultBase: "https://api.z.ai/api/coding/paas/v4", quirks: ZAI },
  // https://docs.ollama.com/api/openai-compatibility
  ollama: { wire: "openai", defaultBase: "http://localhost:11434/v1", quirks: OLLAMA },
  // https://docs.ollama.com/cloud
  ollama_cloud: { wire: "openai", defaultBase: "https://ollama.com/v1", quirks: OLLAMA },
  acp: { wire: "none", reason: "it drives an agent program on its user's machine, which the gateway does not" },
  // https://novita.ai/docs/guides/llm-api
  novita: { wire: "openai", defaultBase: "https://api.novita.ai/openai/v1", quirks: UNKNOWN_SERVER },
  // https://docs.byteplus.com/en/docs/ModelArk/1399009
  byteplus: { wire: "openai", defaultBase: "https://ark.ap-southeast.bytepluses.com/api/v3", quirks: BYTEPLUS },
  byteplus_coding: {
    wire: "openai",
    defaultBase: "https://ark.ap-southeast.bytepluses.com/api/coding/v3",
    quirks: BYTEPLUS,
  },
  // https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai: the base contains a project and a region,
  // https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/endpoints/openapi
  vertex: { wire: "openai", quirks: GOOGLE_OPENAI },
  xrouter: { wire: "openai", quirks: UNKNOWN_SERVER },
  // https://www.kimi.com/code/docs
  kimi_coding: { wire: "openai", defaultBase: "https://api.kimi.com/coding/v1", quirks: KIMI },
  demo: { wire: "demo" },
} as const satisfies Readonly<Record<string, ProviderTypeFacts>>;

export type ProviderType = keyof typeof PROVIDER_TYPES;

/** Returns the facts of a provider type. */
export const providerTypeFacts = (type: ProviderType): ProviderTypeFacts => PROVIDER_TYPES[type];
