export { describeFailure, failureOf } from "#features/openai-runs/describe-failure.ts";
export { forgetAtEnd } from "#features/openai-runs/forget-at-end.ts";
export { namedAgent } from "#features/openai-runs/named-agent.ts";
export { peekStart } from "#features/openai-runs/peek-start.ts";
export {
  AgentModel,
  AnswerSchema,
  EffortName,
  EndUser,
  FunctionDefinition,
  MAX_FUNCTIONS,
} from "#features/openai-runs/schema.ts";
export { showsReasoning } from "#features/openai-runs/shows-reasoning.ts";
export { toClientTools, toResponseFormat, toSettings } from "#features/openai-runs/to-model-options.ts";
export { type ContinuedFrom, toRunRequest } from "#features/openai-runs/to-run-request.ts";
