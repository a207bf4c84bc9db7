import { toClientTools, toResponseFormat, toSettings } from "#features/openai-runs/index.ts";
import { maxOutputTokensOf } from "#features/responses/input/to-echo.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";
import type { ModelToolChoice } from "#models/language-model.ts";
import type { RunOptions } from "#runtime/runs/index.ts";

/** Converts the model options of a request to run options. `instructions` is the text of leading messages, if any. */
export function toRunOptions(input: ResponseInput, instructions: string | undefined): RunOptions {
  const texts = [input.instructions, instructions].filter((text) => text != null && text !== "");
  return {
    instructions: texts.length > 0 ? texts.join("\n\n") : undefined,
    settings: toSettings({
      temperature: input.temperature,
      topP: input.top_p,
      maxOutputTokens: maxOutputTokensOf(input),
      effort: input.reasoning?.effort,
      parallelToolCalls: input.parallel_tool_calls,
    }),
    clientTools: toClientTools(allowedTools(input)),
    toolChoice: toToolChoice(input.tool_choice),
    responseFormat: toResponseFormat(input.text?.format),
    ...(input.max_tool_calls != null && { maxToolCalls: input.max_tool_calls }),
  };
}

/** Returns the tools that the model may call. Those that the choice leaves out are not offered. */
function allowedTools({ tools, tool_choice: choice }: ResponseInput) {
  if (typeof choice !== "object" || choice?.type !== "allowed_tools") return tools ?? [];
  return (tools ?? []).filter(({ name }) => choice.tools.some((allowed) => allowed.name === name));
}

function toToolChoice(choice: ResponseInput["tool_choice"]): ModelToolChoice | undefined {
  if (choice == null) return undefined;
  if (typeof choice === "string") return choice;
  return choice.type === "allowed_tools" ? choice.mode : { name: choice.name };
}
