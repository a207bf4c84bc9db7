import type { InputOf, OutputOf } from "#client/index.ts";

export type Provider = OutputOf<"providers.get">;
export type ProviderTypeName = InputOf<"providers.create">["provider_type"];

interface ProviderType {
  readonly label: string;
  /** False for those that the gateway stores, and cannot call. */
  readonly isUsable?: false;
}

/** The providers by their own names, those that most people use first. */
export const PROVIDER_TYPES: Readonly<Record<ProviderTypeName, ProviderType>> = {
  anthropic_native: { label: "Anthropic" },
  openai_compat: { label: "OpenAI, or compatible with it" },
  gemini_native: { label: "Google Gemini" },
  openrouter: { label: "OpenRouter" },
  ollama: { label: "Ollama" },
  deepseek: { label: "DeepSeek" },
  mistral: { label: "Mistral" },
  groq: { label: "Groq" },
  xai: { label: "xAI" },
  vertex: { label: "Google Vertex AI" },
  dashscope: { label: "Alibaba DashScope" },
  bailian: { label: "Alibaba Bailian Coding" },
  zai: { label: "Z.ai" },
  zai_coding: { label: "Z.ai Coding" },
  kimi_coding: { label: "Kimi Coding" },
  minimax_native: { label: "MiniMax" },
  byteplus: { label: "BytePlus" },
  byteplus_coding: { label: "BytePlus Coding" },
  cohere: { label: "Cohere" },
  perplexity: { label: "Perplexity" },
  novita: { label: "Novita" },
  ollama_cloud: { label: "Ollama Cloud" },
  yescale: { label: "YEScale" },
  xrouter: { label: "xRouter" },
  demo: { label: "Demo" },
  chatgpt_oauth: { label: "ChatGPT account", isUsable: false },
  claude_cli: { label: "Claude CLI", isUsable: false },
  acp: { label: "Agent Client Protocol", isUsable: false },
};

export const PROVIDER_TYPE_NAMES = Object.keys(PROVIDER_TYPES) as readonly ProviderTypeName[];

/** Returns what a type is called. A later release may have types that are unknown here. */
export const providerTypeLabelOf = (name: string): string =>
  Object.hasOwn(PROVIDER_TYPES, name) ? PROVIDER_TYPES[name as ProviderTypeName].label : name;

/** Returns how many keys of a provider are stored. */
export const countKeys = ({ api_key, api_keys = [] }: Provider): number => (api_key ? 1 : 0) + api_keys.length;
