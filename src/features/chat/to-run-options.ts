import type { ChatInput } from "#features/chat/schema.ts";
import { toClientTools, toResponseFormat, toSettings } from "#features/openai-runs/index.ts";
import type { ModelToolChoice } from "#models/language-model.ts";
import type { RunOptions } from "#runtime/runs/index.ts";

/** Converts the model options of a chat request to run options. Null means the same as absent. */
export function toRunOptions(input: ChatInput, instructions: string | undefined): RunOptions {
  const { response_format: format } = input;
  return {
    instructions,
    settings: toSettings({
      temperature: input.temperature,
      topP: input.top_p,
      maxOutputTokens: input.max_completion_tokens ?? input.max_tokens,
      stop: input.stop,
      seed: input.seed,
      presencePenalty: input.presence_penalty,
      frequencyPenalty: input.frequency_penalty,
      effort: input.reasoning_effort,
      parallelToolCalls: input.parallel_tool_calls,
    }),
    clientTools: toClientTools(functionsOf(input)),
    toolChoice: toToolChoice(input.tool_choice) ?? input.function_call ?? undefined,
    responseFormat: toResponseFormat(
      format?.type === "json_schema" ? { type: "json_schema", ...format.json_schema } : format,
    ),
  };
}

/** Returns the functions of a request, and those of clients from before there were tools. */
const functionsOf = ({ tools, functions }: ChatInput) => [
  ...(tools ?? []).map((tool) => tool.function),
  ...(functions ?? []),
];

function toToolChoice(choice: ChatInput["tool_choice"]): ModelToolChoice | undefined {
  if (choice == null) return undefined;
  return typeof choice === "string" ? choice : { name: choice.function.name };
}
