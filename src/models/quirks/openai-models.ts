import { AS_ASKED, LOW_TO_HIGH, MINIMAL_TO_HIGH, NONE_TO_HIGH, NONE_TO_XHIGH } from "#models/quirks/effort-names.ts";
import type { EffortNames, ForModels } from "#models/quirks/quirks.ts";

/** OpenAI's models that reason: https://platform.openai.com/docs/guides/reasoning. Resellers keep their names. */
export const OPENAI_REASONING = /^(?:o[134](?:-|$)|gpt-(?:[6-9]|5(?!-chat)))/;

/** Want the cap on output tokens under its newer name. */
export const TAKES_COMPLETION_TOKENS = /^(?:o[134](?:-|$)|gpt-[5-9])/;

const FIVE_SIX_AND_LATER = /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9])/;

/**
 * With tools these models take no effort in the chat format, and the later of them only one that says so:
 * https://github.com/openai/openai-openapi/issues/541.
 */
export const EFFORT_WITH_TOOLS: readonly ForModels<"left_out" | "none">[] = [
  { models: FIVE_SIX_AND_LATER, value: "none" },
  { models: /^gpt-5\.[2-5](?!\d)/, value: "left_out" },
];

export const OPENAI_EFFORTS: readonly ForModels<EffortNames>[] = [
  { models: /^o[134](?:-|$)/, value: LOW_TO_HIGH },
  { models: /^gpt-5-chat|^gpt-[34]|^chatgpt/, value: {} },
  { models: /^gpt-5(?:-|$)/, value: MINIMAL_TO_HIGH },
  { models: /^gpt-5\.1/, value: NONE_TO_HIGH },
  { models: /^gpt-(?:5\.|[6-9])/, value: NONE_TO_XHIGH },
];

/** Servers of our user's own may have any model. */
export const UNKNOWN_SERVER_EFFORTS: readonly ForModels<EffortNames>[] = [
  ...OPENAI_EFFORTS,
  { models: /./, value: AS_ASKED },
];

const SAMPLING = ["temperature", "top_p"];

/** Refuse every temperature but their own; the later ones do so only while they reason. */
export const OPENAI_DROPS: readonly ForModels<readonly string[]>[] = [
  { models: /^o[134](?:-|$)/, value: [...SAMPLING, "presence_penalty", "frequency_penalty", "stop"] },
  { models: /^gpt-5(?:-(?!chat)|$)/, value: [...SAMPLING, "presence_penalty", "frequency_penalty", "stop"] },
];
export const SAMPLES_ONLY_WITHOUT_REASONING = FIVE_SIX_AND_LATER;
