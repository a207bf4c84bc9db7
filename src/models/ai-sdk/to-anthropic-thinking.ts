import type { JSONObject } from "@ai-sdk/provider";
import type { ModelRequest, ReasoningEffort } from "#models/language-model.ts";
import { metadataOf } from "#models/metadata-of.ts";

/** The thinking options of a call. `maxOutputTokens` excludes a thinking budget, which the SDK adds. */
export interface AnthropicThinking {
  readonly options: JSONObject;
  readonly maxOutputTokens: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Limits and thinking budgets, in tokens. */
const DEFAULT_MAX_TOKENS = 4_096;
const MAX_TOKENS_BESIDE_THINKING = 8_192;
const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 10_000,
  high: 32_000,
  xhigh: 32_000,
};
/** Models whose output limit is 32,000 tokens, thinking included. Their budget is reduced to `SMALL_BUDGET`. */
const SMALL_OUTPUT = /claude-opus-4(?:-[01])?(?:-20\d{6}|[@:]|$)/;
const SMALL_BUDGET = 23_808;

const CANNOT_THINK = /claude-(?:2|instant|3-(?!7))/;
/**
 * Claude models up to 4.5 take a thinking budget in tokens. Later models take an effort and decide the budget
 * themselves.
 */
const TAKES_EFFORT = /claude-(?!3|instant|2|(?:opus|sonnet|haiku)-4-(?:[0-5](?!\d)|20\d{6})|(?:opus|sonnet)-4$)/;
/** Allows models with a thinking budget to think between tool calls. */
const INTERLEAVED = { "anthropic-beta": "interleaved-thinking-2025-05-14" };

export function toAnthropicThinking(request: ModelRequest): AnthropicThinking {
  const { reasoningEffort: effort, maxOutputTokens } = request.settings;
  const plain = { options: {}, maxOutputTokens: maxOutputTokens ?? DEFAULT_MAX_TOKENS, headers: {} };
  if (effort === undefined || CANNOT_THINK.test(request.model)) return plain;
  if (effort === "none") return { ...plain, options: { thinking: { type: "disabled" } } };
  if (!mayThink(request)) return plain;

  if (TAKES_EFFORT.test(request.model)) {
    const options = { thinking: { type: "adaptive" }, effort: effort === "minimal" ? "low" : effort };
    const maxTokens = maxOutputTokens ?? BUDGETS[effort] + MAX_TOKENS_BESIDE_THINKING;
    return { options, maxOutputTokens: maxTokens, headers: {} };
  }
  const budgetTokens = SMALL_OUTPUT.test(request.model) ? Math.min(BUDGETS[effort], SMALL_BUDGET) : BUDGETS[effort];
  return {
    options: { thinking: { type: "enabled", budgetTokens } },
    // The SDK adds the budget to this number.
    maxOutputTokens: maxOutputTokens ?? MAX_TOKENS_BESIDE_THINKING,
    headers: request.tools.length > 0 ? INTERLEAVED : {},
  };
}

/**
 * Returns false if thinking is not allowed: with a forced tool, or within a tool-call turn that began without thinking.
 */
function mayThink({ toolChoice, messages }: ModelRequest): boolean {
  if (toolChoice === "required" || typeof toolChoice === "object") return false;
  const lastTurn = messages.findLast(({ role }) => role === "assistant");
  if (messages.at(-1)?.role !== "tool" || lastTurn?.role !== "assistant") return true;
  return lastTurn.parts.some((part) => part.type === "reasoning" && metadataOf(part.metadata, "anthropic"));
}
