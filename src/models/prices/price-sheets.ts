import type { ProviderType } from "#models/provider-types.ts";

/**
 * Prices in US dollars per million tokens. `cacheRead` is for input read from the cache, `cacheWrite` for input written
 * to it.
 */
export type PriceRow = readonly [input: number, output: number, cacheRead?: number, cacheWrite?: number];

/**
 * Prices of one maker, as listed on its public page at a date. They are those of the standard tier for prompts of
 * ordinary length.
 */
export interface PriceSheet {
  /** The provider types that charge these prices. */
  readonly types: readonly ProviderType[];
  /** The prefixes that multi-maker gateways put before these models' names. */
  readonly makers: readonly string[];
  readonly source: string;
  readonly date: string;
  readonly models: Readonly<Record<string, PriceRow>>;
}

const OPENAI = {
  types: ["openai_compat"],
  makers: ["openai"],
  source: "https://platform.openai.com/docs/pricing",
} as const;
const XAI = { types: ["xai"], makers: ["x-ai", "xai"], source: "https://docs.x.ai/docs/models" } as const;
const DEEPSEEK = {
  types: ["deepseek"],
  makers: ["deepseek"],
  source: "https://api-docs.deepseek.com/quick_start/pricing",
} as const;
const GROQ = { types: ["groq"], makers: [], source: "https://groq.com/pricing" } as const;
const MISTRAL = { types: ["mistral"], makers: ["mistralai"], source: "https://mistral.ai/pricing" } as const;

/** Newest first. The first sheet that lists a model applies. */
export const PRICE_SHEETS: readonly PriceSheet[] = [
  { ...OPENAI, date: "2026-10-26", models: { "gpt-6.1-sol": [2, 10, 0.1], "gpt-6.1-terra": [1, 5, 0.05, 1.25] } },
  {
    ...OPENAI,
    date: "2026-09-22",
    models: {
      "gpt-6-sol": [2, 10, 0.2, 2.5],
      "gpt-6-luna": [0.1, 0.5, 0.01, 0.125],
      "gpt-6-astra": [10, 50, 1],
    },
  },
  {
    ...OPENAI,
    date: "2026-08-01",
    models: {
      "gpt-5.6": [5, 30, 0.5],
      "gpt-5.6-sol": [5, 30, 0.5],
      "gpt-5.6-terra": [2, 12, 0.2],
      "gpt-5.6-luna": [0.2, 1.2, 0.02],
    },
  },
  {
    ...OPENAI,
    date: "2026-06-04",
    models: {
      "gpt-5.5": [5, 30, 0.5],
      "gpt-5.5-pro": [30, 180],
      "gpt-5.4": [2.5, 15, 0.25],
      "gpt-5.4-pro": [30, 180],
      "gpt-5.4-mini": [0.75, 4.5, 0.075],
      "gpt-5.4-nano": [0.2, 1.25, 0.02],
    },
  },
  {
    ...OPENAI,
    date: "2025-12-15",
    models: {
      "gpt-5.2": [1.75, 14, 0.175],
      "gpt-5.2-chat": [1.75, 14, 0.175],
      "gpt-5.2-pro": [21, 168],
      "gpt-5.1": [1.25, 10, 0.125],
      "gpt-5.1-chat": [1.25, 10, 0.125],
      "gpt-5": [1.25, 10, 0.125],
      "gpt-5-chat": [1.25, 10, 0.125],
      "gpt-5-mini": [0.25, 2, 0.025],
      "gpt-5-nano": [0.05, 0.4, 0.005],
      "gpt-5-pro": [15, 120],
      "gpt-4.1": [2, 8, 0.5],
      "gpt-4.1-mini": [0.4, 1.6, 0.1],
      "gpt-4.1-nano": [0.1, 0.4, 0.025],
      "gpt-4o": [2.5, 10, 1.25],
      "gpt-4o-mini": [0.15, 0.6, 0.075],
      "chatgpt-4o": [5, 15],
      o1: [15, 60, 7.5],
      "o1-mini": [1.1, 4.4, 0.55],
      "o1-pro": [150, 600],
      o3: [2, 8, 0.5],
      "o3-mini": [1.1, 4.4, 0.55],
      "o3-pro": [20, 80],
      "o4-mini": [1.1, 4.4, 0.275],
      "gpt-4-turbo": [10, 30],
      "gpt-4-1106-preview": [10, 30],
      "gpt-4-0125-preview": [10, 30],
      "gpt-4": [30, 60],
      "gpt-3.5-turbo": [0.5, 1.5],
      "text-embedding-3-small": [0.02, 0],
      "text-embedding-3-large": [0.13, 0],
      "text-embedding-ada-002": [0.1, 0],
    },
  },
  {
    types: ["anthropic_native"],
    makers: ["anthropic"],
    source: "https://platform.claude.com/docs/en/about-claude/pricing",
    date: "2026-10-24",
    models: {
      "claude-fable-5-1": [10, 50, 0.25, 12.5],
      "claude-fable-5": [10, 50, 1, 12.5],
      "claude-opus-5-5": [4, 20, 0.2, 5],
      "claude-opus-5": [5, 25, 0.5, 6.25],
      "claude-opus-4-8": [5, 25, 0.5, 6.25],
      "claude-opus-4-7": [5, 25, 0.5, 6.25],
      "claude-opus-4-6": [5, 25, 0.5, 6.25],
      "claude-opus-4-5": [5, 25, 0.5, 6.25],
      "claude-opus-4-1": [15, 75, 1.5, 18.75],
      "claude-opus-4-0": [15, 75, 1.5, 18.75],
      "claude-opus-4": [15, 75, 1.5, 18.75],
      "claude-sonnet-5-5": [2, 10, 0.1, 2.5],
      "claude-sonnet-5": [2, 10, 0.2, 2.5],
      "claude-sonnet-4-6": [3, 15, 0.3, 3.75],
      "claude-sonnet-4-5": [3, 15, 0.3, 3.75],
      "claude-sonnet-4-0": [3, 15, 0.3, 3.75],
      "claude-sonnet-4": [3, 15, 0.3, 3.75],
      "claude-3-7-sonnet": [3, 15, 0.3, 3.75],
      "claude-3-5-sonnet": [3, 15, 0.3, 3.75],
      "claude-haiku-5-5": [0.1, 0.5, 0.01, 0.125],
      "claude-haiku-4-5": [1, 5, 0.1, 1.25],
      "claude-3-5-haiku": [0.8, 4, 0.08, 1],
      "claude-3-opus": [15, 75, 1.5, 18.75],
      "claude-3-haiku": [0.25, 1.25, 0.03, 0.3],
    },
  },
  {
    types: ["gemini_native", "vertex"],
    makers: ["google"],
    source: "https://ai.google.dev/gemini-api/docs/pricing",
    date: "2026-06-04",
    models: {
      "gemini-3.5-flash": [1.5, 9],
      "gemini-3.1-pro": [2, 12, 0.2],
      "gemini-3.1-flash-lite": [0.25, 1.5],
      "gemini-3-pro": [2, 12, 0.2],
      "gemini-3-flash": [0.5, 3, 0.05],
      "gemini-2.5-pro": [1.25, 10, 0.125],
      "gemini-2.5-flash": [0.3, 2.5, 0.03],
      "gemini-2.5-flash-lite": [0.1, 0.4, 0.01],
      "gemini-2.0-flash": [0.1, 0.4, 0.025],
      "gemini-embedding-001": [0.15, 0],
    },
  },
  {
    ...DEEPSEEK,
    // Prices are halved outside Beijing's working hours; these are the full ones.
    date: "2026-10-20",
    models: {
      "deepseek-flash": [0.3, 1.2, 0.006],
      "deepseek-v4-flash": [0.3, 1.2, 0.006],
      "deepseek-v4-pro": [1.32, 3.96, 0.044],
    },
  },
  {
    ...DEEPSEEK,
    date: "2026-06-22",
    models: { "deepseek-chat": [0.14, 0.28, 0.0028], "deepseek-reasoner": [0.14, 0.28, 0.0028] },
  },
  {
    ...XAI,
    date: "2026-07-13",
    models: {
      "grok-4.5": [2, 6, 0.5],
      "grok-4.3": [1.25, 2.5, 0.2],
      "grok-4.20-reasoning": [1.25, 2.5],
      "grok-4.20-0309-reasoning": [1.25, 2.5],
      "grok-4.20-non-reasoning": [1.25, 2.5],
      "grok-4.20-0309-non-reasoning": [1.25, 2.5],
      "grok-build-0.1": [1, 2],
    },
  },
  {
    ...XAI,
    date: "2025-11-30",
    models: {
      "grok-4": [3, 15, 0.75],
      "grok-4-1-fast-reasoning": [0.2, 0.5, 0.05],
      "grok-4-1-fast-non-reasoning": [0.2, 0.5, 0.05],
      "grok-4-fast-reasoning": [0.2, 0.5, 0.05],
      "grok-4-fast-non-reasoning": [0.2, 0.5, 0.05],
      "grok-code-fast-1": [0.2, 1.5, 0.02],
      "grok-3": [3, 15, 0.75],
      "grok-3-mini": [0.3, 0.5, 0.075],
    },
  },
  { ...MISTRAL, date: "2026-05-22", models: { "mistral-medium-3-5": [1.5, 7.5], "mistral-medium": [1.5, 7.5] } },
  {
    ...MISTRAL,
    date: "2025-12-15",
    models: {
      "mistral-large-2512": [0.5, 1.5],
      "mistral-large-2411": [2, 6],
      "mistral-medium-2508": [0.4, 2],
      "mistral-medium-2505": [0.4, 2],
      "mistral-small-2506": [0.1, 0.3],
      "magistral-medium": [2, 5],
      "magistral-small": [0.5, 1.5],
      codestral: [0.3, 0.9],
      "ministral-8b": [0.1, 0.1],
      "pixtral-large": [2, 6],
      "mistral-embed": [0.1, 0],
    },
  },
  { ...GROQ, date: "2026-06-04", models: { "openai/gpt-oss-120b": [0.15, 0.6, 0.075] } },
  {
    ...GROQ,
    date: "2025-11-30",
    models: {
      "openai/gpt-oss-20b": [0.075, 0.3, 0.0375],
      "llama-3.3-70b-versatile": [0.59, 0.79],
      "llama-3.1-8b-instant": [0.05, 0.08],
      "meta-llama/llama-4-scout-17b-16e-instruct": [0.11, 0.34],
      "meta-llama/llama-4-maverick-17b-128e-instruct": [0.2, 0.6],
      "qwen/qwen3-32b": [0.29, 0.59],
      "moonshotai/kimi-k2-instruct": [1, 3, 0.5],
    },
  },
  {
    types: ["cohere"],
    makers: ["cohere"],
    source: "https://cohere.com/pricing",
    date: "2025-10-31",
    models: {
      "command-a": [2.5, 10],
      "command-r-plus": [2.5, 10],
      "command-r": [0.15, 0.6],
      "command-r7b": [0.0375, 0.15],
    },
  },
  {
    types: ["perplexity"],
    makers: ["perplexity"],
    // Searches are billed in addition to the tokens.
    source: "https://docs.perplexity.ai/guides/pricing",
    date: "2026-06-23",
    models: {
      sonar: [1, 1],
      "sonar-pro": [3, 15],
      "sonar-reasoning": [1, 5],
      "sonar-reasoning-pro": [2, 8],
      "sonar-deep-research": [2, 8],
    },
  },
  {
    types: ["dashscope"],
    makers: ["qwen"],
    source: "https://www.alibabacloud.com/help/en/model-studio/model-pricing",
    date: "2025-11-30",
    models: {
      "qwen3-max": [1.2, 6, 0.24],
      "qwen-max": [1.6, 6.4],
      "qwen-plus": [0.4, 1.2],
      "qwen-flash": [0.05, 0.4],
      "qwen-turbo": [0.05, 0.2],
      "qwen3-coder-plus": [1, 5],
    },
  },
  {
    types: ["zai"],
    makers: ["z-ai"],
    source: "https://docs.z.ai/guides/overview/pricing",
    date: "2026-07-15",
    models: {
      "glm-5.2": [1.4, 4.4, 0.26],
      "glm-5.1": [1.4, 4.4, 0.26],
      "glm-5": [1, 3.2, 0.2],
      "glm-5-turbo": [1.2, 4, 0.24],
      "glm-4.7": [0.6, 2.2, 0.11],
      "glm-4.6": [0.6, 2.2, 0.11],
    },
  },
];
