import type { JSONObject } from "@ai-sdk/provider";
import type { ToCallOptions } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { toPrompt } from "#models/ai-sdk/to-prompt.ts";
import { toSharedOptions } from "#models/ai-sdk/to-shared-options.ts";
import type { ModelMessage, ModelRequest, ReasoningEffort } from "#models/language-model.ts";

const DEFAULT_MAX_TOKENS = 4_096;
const JSON_INSTRUCTION = "Answer with a single JSON object and nothing else.";

/** A call in the Anthropic messages format. */
export const toAnthropicOptions: ToCallOptions = (request, signal) => ({
  maxOutputTokens: DEFAULT_MAX_TOKENS,
  ...toSharedOptions(request),
  prompt: toPrompt(toAnthropicMessages(request), "object"),
  providerOptions: { anthropic: toThinking(request) },
  abortSignal: signal,
});

/**
 * The format has one system text, before the conversation: what comes later becomes a marked note of the user's.
 * It has no JSON mode without a schema either, so that becomes an instruction.
 */
function toAnthropicMessages({ messages, responseFormat }: ModelRequest): readonly ModelMessage[] {
  const firstTurn = messages.findIndex(({ role }) => role !== "system");
  const leading = firstTurn === -1 ? messages : messages.slice(0, firstTurn);
  const rest = firstTurn === -1 ? [] : messages.slice(firstTurn);
  const instruction = responseFormat?.type === "json" ? [{ role: "system" as const, text: JSON_INSTRUCTION }] : [];
  return [...leading, ...instruction, ...rest.map(toTurn)];
}

function toTurn(message: ModelMessage): ModelMessage {
  if (message.role !== "system") return message;
  return { role: "user", parts: [{ type: "text", text: `[System note]\n${message.text}` }] };
}

const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 10_000,
  high: 32_000,
  xhigh: 32_000,
};

/** Claude models up to 4.5 take a budget of tokens; later ones decide themselves, by effort. */
const TAKES_EFFORT = /claude-(?!3|instant|2|(?:opus|sonnet|haiku)-4-(?:[0-5](?!\d)|20\d{6})|(?:opus|sonnet)-4$)/;

function toThinking(request: ModelRequest): JSONObject {
  const effort = request.settings.reasoningEffort;
  if (effort === undefined) return {};
  if (effort === "none") return { thinking: { type: "disabled" } };
  if (!mayThink(request)) return {};
  if (!TAKES_EFFORT.test(request.model)) return { thinking: { type: "enabled", budgetTokens: BUDGETS[effort] } };
  return { thinking: { type: "adaptive" }, effort: effort === "minimal" ? "low" : effort };
}

/** Thinking excludes a forced tool, and a turn of tool calls that began without thinking cannot go on with it. */
function mayThink({ toolChoice, messages }: ModelRequest): boolean {
  if (toolChoice === "required" || typeof toolChoice === "object") return false;
  const lastTurn = messages.findLast(({ role }) => role === "assistant");
  if (messages.at(-1)?.role !== "tool" || lastTurn?.role !== "assistant") return true;
  return lastTurn.parts.some((part) => part.type === "reasoning" && part.metadata?.anthropic !== undefined);
}
