import type { JSONObject } from "@ai-sdk/provider";
import type { ModelRequest, ReasoningEffort } from "#models/language-model.ts";
import { metadataOf } from "#models/metadata-of.ts";

/** How a request is asked to think, and how many tokens its answer may have beside the thinking. */
export interface AnthropicThinking {
  readonly options: JSONObject;
  readonly maxOutputTokens: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** In tokens. */
const DEFAULT_MAX_TOKENS = 4_096;
const MAX_TOKENS_BESIDE_THINKING = 8_192;
const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 10_000,
  high: 32_000,
  xhigh: 32_000,
};
/** Give 32,000 tokens at most, thinking included. */
const SMALL_OUTPUT = /claude-opus-4(?:-[01])?(?:-20\d{6}|[@:]|$)/;
const SMALL_BUDGET = 23_808;

const CANNOT_THINK = /claude-(?:2|instant|3-(?!7))/;
/** Claude models up to 4.5 take a budget of tokens; later ones decide themselves, by effort. */
const TAKES_EFFORT = /claude-(?!3|instant|2|(?:opus|sonnet|haiku)-4-(?:[0-5](?!\d)|20\d{6})|(?:opus|sonnet)-4$)/;
/** Lets models that take a budget think between their tool calls. */
const INTERLEAVED = { "anthropic-beta": "interleaved-thinking-2025-05-14" };

export function toAnthropicThinking(request: ModelRequest): AnthropicThinking {
  const { reasoningEffort: effort, maxOutputTokens } = request.settings;
  const plain = { options: {}, maxOutputTokens: maxOutputTokens ?? DEFAULT_MAX_TOKENS, headers: {} };
  if (effort === undefined || CANNOT_THINK.test(request.model)) return plain;
  if (effort === "none") return { ...plain, options: { thinking: { type: "disabled" } } };
  if (!mayThink(request)) return plain;

  if (TAKES_EFFORT.test(request.model)) {
    const options = { thinking: { type: "adaptive" }, effort: effort === "minimal" ? "low" : effort };
    const most = maxOutputTokens ?? BUDGETS[effort] + MAX_TOKENS_BESIDE_THINKING;
    return { options, maxOutputTokens: most, headers: {} };
  }
  const budgetTokens = SMALL_OUTPUT.test(request.model) ? Math.min(BUDGETS[effort], SMALL_BUDGET) : BUDGETS[effort];
  return {
    options: { thinking: { type: "enabled", budgetTokens } },
    // The SDK adds the budget.
    maxOutputTokens: maxOutputTokens ?? MAX_TOKENS_BESIDE_THINKING,
    headers: request.tools.length > 0 ? INTERLEAVED : {},
  };
}

/** Thinking excludes a forced tool, and a turn of tool calls that began without thinking cannot go on with it. */
function mayThink({ toolChoice, messages }: ModelRequest): boolean {
  if (toolChoice === "required" || typeof toolChoice === "object") return false;
  const lastTurn = messages.findLast(({ role }) => role === "assistant");
  if (messages.at(-1)?.role !== "tool" || lastTurn?.role !== "assistant") return true;
  return lastTurn.parts.some((part) => part.type === "reasoning" && metadataOf(part.metadata, "anthropic"));
}
