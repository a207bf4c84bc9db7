import type { ResponseInput } from "#features/responses/schema/request.ts";
import type { Echo } from "#features/responses/schema/response.ts";

/**
 * Returns what a response repeats of its request, with OpenAI's defaults for what the request left out. Strict clients
 * refuse a response without them, although the agent's own settings may be others.
 */
export function toEcho(input: ResponseInput, model: string, sessionKey: string | undefined): Echo {
  return {
    model,
    background: input.background === true,
    frequency_penalty: 0,
    conversation: sessionKey === undefined ? null : { id: sessionKey },
    instructions: input.instructions ?? null,
    max_output_tokens: maxOutputTokensOf(input) ?? null,
    max_tool_calls: input.max_tool_calls ?? null,
    metadata: input.metadata ?? {},
    parallel_tool_calls: input.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: input.previous_response_id ?? null,
    prompt_cache_key: input.prompt_cache_key ?? null,
    reasoning: { effort: input.reasoning?.effort ?? null, summary: summaryOf(input) ?? null },
    safety_identifier: input.safety_identifier ?? null,
    service_tier: "default",
    store: input.store !== false,
    temperature: input.temperature ?? 1,
    text: { format: input.text?.format ?? { type: "text" }, verbosity: "medium" },
    tool_choice: input.tool_choice ?? "auto",
    tools: (input.tools ?? []).map(({ name, description, parameters, strict }) => ({
      type: "function",
      name,
      description: description ?? null,
      parameters: parameters ?? null,
      strict: strict ?? null,
    })),
    top_logprobs: 0,
    top_p: input.top_p ?? 1,
    truncation: input.truncation ?? "disabled",
    ...(input.user != null && { user: input.user }),
  };
}

export const maxOutputTokensOf = (input: ResponseInput) => input.max_output_tokens ?? input.max_tokens;

export const summaryOf = ({ reasoning }: ResponseInput) => reasoning?.summary ?? reasoning?.generate_summary;
