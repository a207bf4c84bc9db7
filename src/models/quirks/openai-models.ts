import {
  AS_REQUESTED,
  LOW_TO_HIGH,
  MINIMAL_TO_HIGH,
  NONE_TO_HIGH,
  NONE_TO_XHIGH,
} from "#models/quirks/effort-names.ts";
import type { EffortNames, ForModels } from "#models/quirks/quirks.ts";

/** OpenAI's reasoning models: https://platform.openai.com/docs/guides/reasoning. Resellers keep these names. */
export const OPENAI_REASONING = /^(?:o[134](?:-|$)|gpt-(?:[6-9]|5(?!-chat)))/;

/** Models that take the output-token limit as `max_completion_tokens`. */
export const TAKES_COMPLETION_TOKENS = /^(?:o[134](?:-|$)|gpt-[5-9])/;

const GPT_5_6_AND_LATER = /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9])/;

/**
 * Models that accept no effort together with tools in the chat format. From 5.6 on, they require an explicit `none`:
 * https://github.com/openai/openai-openapi/issues/541.
 */
export const EFFORT_WITH_TOOLS: readonly ForModels<"left_out" | "none">[] = [
  { models: GPT_5_6_AND_LATER, value: "none" },
  { models: /^gpt-5\.[2-5](?!\d)/, value: "left_out" },
];

export const OPENAI_EFFORTS: readonly ForModels<EffortNames>[] = [
  { models: /^o[134](?:-|$)/, value: LOW_TO_HIGH },
  { models: /^gpt-5-chat|^gpt-[34]|^chatgpt/, value: {} },
  { models: /^gpt-5(?:-|$)/, value: MINIMAL_TO_HIGH },
  { models: /^gpt-5\.1/, value: NONE_TO_HIGH },
  { models: /^gpt-(?:5\.|[6-9])/, value: NONE_TO_XHIGH },
];

/** For servers of users, which may offer any model. */
export const UNKNOWN_SERVER_EFFORTS: readonly ForModels<EffortNames>[] = [
  ...OPENAI_EFFORTS,
  { models: /./, value: AS_REQUESTED },
];

const SAMPLING = ["temperature", "top_p"];

/**
 * Fields that models refuse, because they accept only their own sampling settings. Models that match
 * `SAMPLES_ONLY_WITHOUT_REASONING` refuse temperature and top_p only while they reason.
 */
export const OPENAI_DROPS: readonly ForModels<readonly string[]>[] = [
  { models: /^o[134](?:-|$)/, value: [...SAMPLING, "presence_penalty", "frequency_penalty", "stop"] },
  { models: /^gpt-5(?:-(?!chat)|$)/, value: [...SAMPLING, "presence_penalty", "frequency_penalty", "stop"] },
];
export const SAMPLES_ONLY_WITHOUT_REASONING = GPT_5_6_AND_LATER;
