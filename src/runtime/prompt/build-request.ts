import type { ModelMessage, ModelRequest, ModelTool } from "#models/language-model.ts";
import type { RunnableAgent, RunOptions } from "#runtime/runs/index.ts";

/** The position of a model call in its run. */
export interface RequestPlace {
  readonly isFirst: boolean;
  /** True if the run may make no further call, so the model has to answer now. */
  readonly isLast: boolean;
}

/** Builds the request of one model call. The caller's settings have priority over the agent's. */
export function buildRequest(
  { model, maxOutputTokens, reasoningEffort }: RunnableAgent,
  options: RunOptions,
  messages: readonly ModelMessage[],
  tools: readonly ModelTool[],
  { isFirst, isLast }: RequestPlace,
): ModelRequest {
  // A choice that forces a tool applies to the first call only. Otherwise the model could never answer.
  const toolChoice = isFirst || options.toolChoice === "none" ? options.toolChoice : undefined;
  return {
    model,
    messages,
    tools,
    ...(isLast ? { toolChoice: "none" } : toolChoice && { toolChoice }),
    ...(options.responseFormat && { responseFormat: options.responseFormat }),
    settings: {
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      ...(reasoningEffort && reasoningEffort !== "inherit" && { reasoningEffort }),
      ...options.settings,
    },
    inheritsReasoning: reasoningEffort === "inherit" && options.settings.reasoningEffort === undefined,
  };
}
