import type { ModelMessage, ModelRequest, ModelTool } from "#models/language-model.ts";
import type { RunnableAgent, RunOptions } from "#runtime/runs/index.ts";

/** Which of a run's model calls a request is for. */
export interface RequestPlace {
  readonly isFirst: boolean;
  /** The run has no further call: the model is to answer now. */
  readonly isLast: boolean;
}

/** One model call of a run: the caller's settings count before the agent's. */
export function buildRequest(
  { model, maxOutputTokens, reasoningEffort }: RunnableAgent,
  options: RunOptions,
  messages: readonly ModelMessage[],
  tools: readonly ModelTool[],
  { isFirst, isLast }: RequestPlace,
): ModelRequest {
  // A choice that forces a tool holds for the first call; kept up, the model could never answer.
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
