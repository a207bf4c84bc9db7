import {
  LOW_OR_HIGH,
  LOW_OR_HIGH_ONLY_WHEN_ON,
  LOW_TO_HIGH,
  MINIMAL_TO_HIGH,
  NONE_MINIMAL_TO_HIGH,
  NONE_OR_DEFAULT,
  NONE_OR_HIGH,
  NONE_TO_HIGH,
} from "#models/quirks/effort-names.ts";
import {
  OPENAI_DROPS,
  OPENAI_EFFORTS,
  OPENAI_REASONING,
  UNKNOWN_SERVER_EFFORTS,
} from "#models/quirks/openai-models.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

const ALL = /./;

/** OpenAI itself. */
export const OPENAI: Quirks = {
  messageNames: true,
  reasoning: { kind: "effort", levels: OPENAI_EFFORTS },
  developerRole: OPENAI_REASONING,
  drops: OPENAI_DROPS,
  withoutThoughtMarks: true,
};

/** A server or reseller that copies the format and may offer OpenAI's models. */
export const UNKNOWN_SERVER: Quirks = {
  messageNames: true,
  reasoning: { kind: "effort", levels: UNKNOWN_SERVER_EFFORTS },
  drops: OPENAI_DROPS,
  beginsInThought: /deepseek-r1|r1-distill|qwq|qwen3\S*thinking/i,
};

/** https://openrouter.ai/docs/use-cases/reasoning-tokens */
export const OPENROUTER: Quirks = {
  messageNames: true,
  reasoning: { kind: "object" },
  echoesReasoning: "details",
  modelIds: { pattern: /\//, message: 'models of OpenRouter are named "<maker>/<model>"' },
};

/** https://console.groq.com/docs/reasoning */
export const GROQ: Quirks = {
  refusesFiles: true,
  messageNames: true,
  reasoning: {
    kind: "effort",
    levels: [
      { models: /gpt-oss/, value: LOW_TO_HIGH },
      { models: /qwen/, value: NONE_OR_DEFAULT },
    ],
  },
  adds: [{ models: /qwen|deepseek-r1/, value: { reasoning_format: "parsed" } }],
};

/** https://api-docs.deepseek.com/guides/thinking_mode */
export const DEEPSEEK: Quirks = {
  refusesFiles: true,
  messageNames: true,
  reasoning: { kind: "switch", levels: [{ models: ALL, value: LOW_OR_HIGH_ONLY_WHEN_ON }] },
  echoesReasoning: "text_always",
  withoutJsonSchema: true,
};

/** https://docs.mistral.ai/capabilities/reasoning and https://docs.mistral.ai/api */
export const MISTRAL: Quirks = {
  refusesUserAfterResults: true,
  refusesFiles: true,
  reasoning: {
    kind: "effort",
    levels: [
      { models: /^mistral-large-(?:[4-9]|latest)/, value: NONE_TO_HIGH },
      { models: /^mistral-(?:small-(?:26|latest)|medium-(?:3[-.]5|26|latest))/, value: NONE_OR_HIGH },
    ],
  },
  callIds: "nine_alphanumerics",
  seedField: "random_seed",
  refusesPrefill: true,
};

/** https://docs.x.ai/docs/guides/reasoning */
export const XAI: Quirks = {
  refusesFiles: true,
  messageNames: true,
  reasoning: {
    kind: "effort",
    levels: [
      { models: /^grok-3-mini/, value: LOW_OR_HIGH },
      { models: /^grok-4\.3/, value: NONE_TO_HIGH },
      { models: /^grok-(?:4\.[4-9](?!\d)|[5-9]|latest)/, value: LOW_TO_HIGH },
    ],
  },
  drops: [
    { models: /^grok-(?!2|3(?!-mini)|.*non-reasoning)/, value: ["presence_penalty", "frequency_penalty", "stop"] },
  ],
};

/** https://platform.minimax.io/docs/api-reference/text-openai-api */
export const MINIMAX: Quirks = {
  refusesFiles: true,
  adds: [{ models: /^MiniMax-M/i, value: { reasoning_split: true } }],
  echoesReasoning: "details",
  withoutToolChoice: true,
  leadingSystemOnly: true,
};

/** https://docs.cohere.com/docs/compatibility-api: fields that its list of supported parameters lacks are not sent. */
export const COHERE: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "effort", levels: [{ models: /reasoning|command-a-plus/, value: NONE_OR_HIGH }] },
  withoutUsageOption: true,
  withoutToolChoice: true,
};

/** https://docs.perplexity.ai/api-reference/chat-completions-post */
export const PERPLEXITY: Quirks = {
  reasoning: { kind: "effort", levels: [{ models: /deep-research|reasoning/, value: MINIMAL_TO_HIGH }] },
  drops: [{ models: ALL, value: ["seed", "stop", "stream_options"] }],
  withoutTools: true,
  leadingSystemOnly: true,
  alternates: true,
  beginsWithUser: true,
  refusesPrefill: true,
};

/** https://www.alibabacloud.com/help/en/model-studio/deep-thinking */
const BAILIAN: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "budget", models: /^(?:qwen|qwq|glm|deepseek|kimi)/i },
  refusesPrefill: true,
};
export const DASHSCOPE: Quirks = { ...BAILIAN, noStreamWithTools: true, embeddingBatch: 10 };
export const BAILIAN_CODING: Quirks = BAILIAN;

/** https://docs.z.ai/api-reference/llm/chat-completion */
export const ZAI: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "switch", levels: [{ models: /^glm-(?:5\.[2-9]|[6-9])/, value: NONE_MINIMAL_TO_HIGH }] },
  echoesReasoning: "text",
  withoutToolChoice: true,
  withoutJsonSchema: true,
  refusesPrefill: true,
};

/** https://docs.byteplus.com/en/docs/ModelArk/1494384 */
export const BYTEPLUS: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "switch", levels: [{ models: /^seed|^doubao/, value: MINIMAL_TO_HIGH }] },
  echoesReasoning: "text",
};

/** https://platform.kimi.com/docs */
export const KIMI: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "switch", levels: [] },
  echoesReasoning: "text_always",
  withoutToolChoice: true,
};

/** https://docs.ollama.com/api/openai-compatibility */
export const OLLAMA: Quirks = {
  refusesFiles: true,
  reasoning: { kind: "effort", levels: [{ models: ALL, value: NONE_TO_HIGH }] },
};

/** https://ai.google.dev/gemini-api/docs/openai. Vertex behaves in the same way. */
export const GOOGLE_OPENAI: Quirks = {
  reasoning: {
    kind: "effort",
    levels: [
      { models: /gemini-2\.5-pro|gemini-3.*pro/, value: LOW_TO_HIGH },
      { models: /gemini-(?:2\.5|[3-9])/, value: NONE_MINIMAL_TO_HIGH },
    ],
  },
  echoesExtraContent: true,
  schemas: "google",
  drops: [{ models: ALL, value: ["presence_penalty", "frequency_penalty", "seed"] }],
  refusesPrefill: true,
};

/** https://docs.fireworks.ai/tools-sdks/openai-compatibility: longer answers must be streamed. */
export const FIREWORKS: Quirks = { ...UNKNOWN_SERVER, unstreamedMaxTokens: 4_096 };

/** https://docs.together.ai/docs/openai-api-compatibility */
export const TOGETHER: Quirks = { ...UNKNOWN_SERVER, withoutUsageOption: true };
