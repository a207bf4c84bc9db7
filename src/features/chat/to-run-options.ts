import type { JsonObject } from "#base/json.ts";
import type { ChatInput } from "#features/chat/schema.ts";
import type { ModelResponseFormat, ModelToolChoice } from "#models/language-model.ts";
import type { RunOptions } from "#runtime/runs/index.ts";

/** Converts the model options of a chat request to run options. Null means the same as absent. */
export function toRunOptions(input: ChatInput, instructions: string | undefined): RunOptions {
  return {
    instructions,
    settings: toSettings(input),
    clientTools: functionsOf(input).map(({ name, description, parameters, strict }) => ({
      name,
      parameters: (parameters ?? { type: "object", properties: {} }) as JsonObject,
      ...(description != null && { description }),
      ...(strict != null && { strict }),
    })),
    toolChoice: toToolChoice(input.tool_choice) ?? input.function_call ?? undefined,
    responseFormat: toResponseFormat(input.response_format),
  };
}

/** Returns the functions of a request, and those of clients from before there were tools. */
const functionsOf = ({ tools, functions }: ChatInput) => [
  ...(tools ?? []).map((tool) => tool.function),
  ...(functions ?? []),
];

function toSettings(input: ChatInput): RunOptions["settings"] {
  const { temperature, top_p: topP, stop, seed, reasoning_effort: effort } = input;
  const reasoningEffort = effort === "max" ? "xhigh" : effort;
  const maxOutputTokens = input.max_completion_tokens ?? input.max_tokens;
  const { presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty } = input;
  return {
    ...(temperature != null && { temperature }),
    ...(topP != null && { topP }),
    ...(maxOutputTokens != null && { maxOutputTokens }),
    ...(stop != null && { stop: Array.isArray(stop) ? stop : [stop] }),
    ...(seed != null && { seed }),
    ...(presencePenalty != null && { presencePenalty }),
    ...(frequencyPenalty != null && { frequencyPenalty }),
    ...(reasoningEffort != null && { reasoningEffort }),
    ...(input.parallel_tool_calls != null && { parallelToolCalls: input.parallel_tool_calls }),
  };
}

function toToolChoice(choice: ChatInput["tool_choice"]): ModelToolChoice | undefined {
  if (choice == null) return undefined;
  return typeof choice === "string" ? choice : { name: choice.function.name };
}

function toResponseFormat(format: ChatInput["response_format"]): ModelResponseFormat | undefined {
  switch (format?.type) {
    case "json_object":
      return { type: "json" };
    case "json_schema": {
      const { name, description, schema, strict } = format.json_schema;
      return {
        type: "json_schema",
        name,
        schema: (schema ?? { type: "object" }) as JsonObject,
        ...(description != null && { description }),
        ...(strict != null && { strict }),
      };
    }
    default:
      return undefined;
  }
}
