import type { JsonObject } from "#base/json.ts";
import type { ModelRequest, ReasoningEffort } from "#models/language-model.ts";
import { EFFORT_WITH_TOOLS } from "#models/quirks/openai-models.ts";
import { findForModel, type Quirks } from "#models/quirks/quirks.ts";

/** Thinking budgets in tokens: https://www.alibabacloud.com/help/en/model-studio/deep-thinking. */
const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 4_096,
  low: 4_096,
  medium: 16_384,
  high: 32_768,
  xhigh: 32_768,
};

/** Returns the fields that set a request's reasoning effort, in the provider's dialect. */
export function toReasoningFields(request: ModelRequest, quirks: Quirks, isStreamed: boolean): JsonObject {
  const { model, settings } = request;
  const effort = settings.reasoningEffort;
  const dialect = quirks.reasoning;
  if (dialect?.kind === "budget") return dialect.models.test(model) ? toBudget(effort, isStreamed) : {};
  if (dialect?.kind === "effort") return toEffort(request, findForModel(dialect.levels, model));
  if (dialect === undefined || effort === undefined) return {};
  if (dialect.kind === "object") return { reasoning: { effort } };

  const name = findForModel(dialect.levels, model)?.[effort];
  return {
    thinking: { type: effort === "none" ? "disabled" : "enabled" },
    ...(name !== undefined && { reasoning_effort: name }),
  };
}

function toEffort(
  { model, settings, tools }: ModelRequest,
  names: Readonly<Partial<Record<ReasoningEffort, string>>> | undefined,
): JsonObject {
  const withTools = tools.length > 0 ? findForModel(EFFORT_WITH_TOOLS, model) : undefined;
  if (withTools === "left_out") return {};
  if (withTools === "none") return { reasoning_effort: "none" };
  const name = settings.reasoningEffort && names?.[settings.reasoningEffort];
  return name === undefined ? {} : { reasoning_effort: name };
}

/** Returns the fields of the `budget` dialect. Its models reason by default, but only in streamed answers. */
function toBudget(effort: ReasoningEffort | undefined, isStreamed: boolean): JsonObject {
  if (!isStreamed || effort === "none") return { enable_thinking: false };
  return effort === undefined ? {} : { enable_thinking: true, thinking_budget: BUDGETS[effort] };
}
