/** Which protocol reaches a type of provider; `none` means that it can be configured but not run. */
export type ProviderWire = "openai" | "anthropic" | "demo" | "none";

interface ProviderTypeFacts {
  readonly wire: ProviderWire;
  readonly defaultBase?: string;
}

/** Every type of provider that a row may name. */
export const PROVIDER_TYPES = {
  anthropic_native: { wire: "anthropic", defaultBase: "https://api.anthropic.com/v1" },
  openai_compat: { wire: "openai", defaultBase: "https://api.openai.com/v1" },
  gemini_native: { wire: "none", defaultBase: "https://generativelanguage.googleapis.com/v1beta/openai" },
  openrouter: { wire: "none", defaultBase: "https://openrouter.ai/api/v1" },
  groq: { wire: "none", defaultBase: "https://api.groq.com/openai/v1" },
  deepseek: { wire: "none", defaultBase: "https://api.deepseek.com/v1" },
  mistral: { wire: "none", defaultBase: "https://api.mistral.ai/v1" },
  xai: { wire: "none", defaultBase: "https://api.x.ai/v1" },
  minimax_native: { wire: "none", defaultBase: "https://api.minimax.io/v1" },
  cohere: { wire: "none", defaultBase: "https://api.cohere.ai/compatibility/v1" },
  perplexity: { wire: "none", defaultBase: "https://api.perplexity.ai" },
  dashscope: { wire: "none", defaultBase: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
  bailian: { wire: "none", defaultBase: "https://coding-intl.dashscope.aliyuncs.com/v1" },
  chatgpt_oauth: { wire: "none" },
  claude_cli: { wire: "none" },
  yescale: { wire: "none" },
  zai: { wire: "none", defaultBase: "https://api.z.ai/api/paas/v4" },
  zai_coding: { wire: "none", defaultBase: "https://api.z.ai/api/coding/paas/v4" },
  ollama: { wire: "none", defaultBase: "http://localhost:11434/v1" },
  ollama_cloud: { wire: "none", defaultBase: "https://ollama.com/v1" },
  acp: { wire: "none" },
  novita: { wire: "none" },
  byteplus: { wire: "none", defaultBase: "https://ark.ap-southeast.bytepluses.com/api/v3" },
  byteplus_coding: { wire: "none", defaultBase: "https://ark.ap-southeast.bytepluses.com/api/coding/v3" },
  vertex: { wire: "none" },
  xrouter: { wire: "none" },
  kimi_coding: { wire: "none" },
  demo: { wire: "demo" },
} as const satisfies Readonly<Record<string, ProviderTypeFacts>>;

export type ProviderType = keyof typeof PROVIDER_TYPES;

/** What we know about a type. */
export const providerTypeFacts = (type: ProviderType): ProviderTypeFacts => PROVIDER_TYPES[type];
