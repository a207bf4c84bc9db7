import type { JSONObject } from "@ai-sdk/provider";
import type { ToCallOptions } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { toPrompt } from "#models/ai-sdk/prompt/to-prompt.ts";
import { toSharedOptions } from "#models/ai-sdk/to-shared-options.ts";
import type { ModelMessage, ModelRequest, ReasoningEffort } from "#models/language-model.ts";
import { jsonInstruction } from "#models/messages/json-instruction.ts";
import { shapeMessages, systemAsNote } from "#models/messages/shape-messages.ts";
import { toGoogleSchema } from "#models/schemas/to-google-schema.ts";

/** A conversation begins with a user message, and ends with one or with results. */
const SHAPE = { beginsWithUser: true, refusesPrefill: true, withoutNames: true };

/** The key of this adapter's entries in message metadata. */
const ADAPTER = "google";
/** https://ai.google.dev/gemini-api/docs/document-processing, and the pages on images, audio and video beside it. */
const TARGET = {
  adapter: ADAPTER,
  takes: (type: string) => /^(?:image|audio|video|text)\//.test(type) || type === "application/pdf",
};

/** Converts a request into call options for Google's format. */
export const toGoogleOptions: ToCallOptions = (request, signal) => {
  const sent = withoutFormatBesideTools(request);
  return {
    ...toSharedOptions(sent, toGoogleSchema),
    prompt: toPrompt(toGoogleMessages(sent.messages), TARGET),
    providerOptions: { [ADAPTER]: toThinkingOptions(request) },
    abortSignal: signal,
  };
};

const COMBINES_TOOLS_AND_FORMAT = /gemini-(?:[3-9]|\d\d)/;

/**
 * Replaces the JSON response format with an instruction if the model cannot combine it with tools. Models before Gemini
 * 3 refuse that combination.
 */
function withoutFormatBesideTools(request: ModelRequest): ModelRequest {
  const { tools, responseFormat, model, messages } = request;
  const isJson = responseFormat !== undefined && responseFormat.type !== "text";
  if (!isJson || tools.length === 0 || COMBINES_TOOLS_AND_FORMAT.test(model)) return request;
  const instruction: ModelMessage = { role: "system", text: jsonInstruction(responseFormat) };
  return { ...request, responseFormat: undefined, messages: [instruction, ...messages] };
}

/** Turns each system text after the first turn into a user note: the format takes system texts only at the start. */
function toGoogleMessages(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const firstTurn = messages.findIndex(({ role }) => role !== "system");
  const notes = messages.map((message, index) =>
    firstTurn !== -1 && index > firstTurn ? systemAsNote(message) : message,
  );
  return shapeMessages(notes, SHAPE);
}

/** Thinking budgets in tokens: https://ai.google.dev/gemini-api/docs/thinking. */
const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 4_096,
  medium: 10_000,
  high: 24_576,
  xhigh: 24_576,
};
/** The minimum budget of Pro models, in tokens. Their thinking cannot be turned off. */
const MIN_PRO_BUDGET = 128;

function toThinkingOptions({ model, settings }: ModelRequest): JSONObject {
  const effort = settings.reasoningEffort;
  if (effort === undefined) return {};
  const includeThoughts = effort !== "none";
  const isPro = /-pro/.test(model);
  if (/gemini-2\.5/.test(model)) {
    const thinkingBudget = isPro ? Math.max(BUDGETS[effort], MIN_PRO_BUDGET) : BUDGETS[effort];
    return { thinkingConfig: { thinkingBudget, includeThoughts } };
  }
  if (!/gemini-(?:[3-9]|\d\d)/.test(model)) return {};
  return { thinkingConfig: { thinkingLevel: toLevel(effort, isPro), includeThoughts } };
}

function toLevel(effort: ReasoningEffort, isPro: boolean) {
  switch (effort) {
    case "none":
    case "minimal":
      return isPro ? "low" : "minimal";
    case "low":
    case "medium":
    case "high":
      return effort;
    case "xhigh":
      return "high";
  }
}
