import type { Wire } from "#testing/model-server/model-reply.ts";

/** The settings of a request, read from any wire format. */
export interface SentRequest {
  readonly model?: unknown;
  readonly temperature?: unknown;
  readonly maxTokens?: unknown;
  readonly stop?: unknown;
  readonly toolChoice?: unknown;
  readonly tools: readonly { readonly name: string; readonly description?: string; readonly parameters: unknown }[];
  /** The content of the last message. */
  readonly lastContent: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of several shapes
type Body = any;

export function readSent(wire: Wire, body: Body): SentRequest {
  switch (wire) {
    case "openai":
      return {
        model: body.model,
        temperature: body.temperature,
        maxTokens: body.max_tokens ?? body.max_completion_tokens,
        stop: body.stop,
        toolChoice: body.tool_choice,
        tools: (body.tools ?? []).map(({ function: tool }: Body) => tool),
        lastContent: body.messages.at(-1)?.content,
      };
    case "anthropic":
      return {
        model: body.model,
        temperature: body.temperature,
        maxTokens: body.max_tokens,
        stop: body.stop_sequences,
        toolChoice: body.tool_choice,
        tools: (body.tools ?? []).map(({ input_schema, ...tool }: Body) => ({ ...tool, parameters: input_schema })),
        lastContent: body.messages.at(-1)?.content,
      };
    case "google":
      return {
        temperature: body.generationConfig.temperature,
        maxTokens: body.generationConfig.maxOutputTokens,
        stop: body.generationConfig.stopSequences,
        toolChoice: body.toolConfig?.functionCallingConfig,
        tools: body.tools?.[0]?.functionDeclarations ?? [],
        lastContent: body.contents.at(-1)?.parts,
      };
  }
}
