import { IMAGE_TYPES } from "#base/media/image-types.ts";
import type { ToCallOptions } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { NO_TOOLS_HEADER } from "#models/ai-sdk/guard-fetch.ts";
import { toPrompt } from "#models/ai-sdk/prompt/to-prompt.ts";
import { withCachePoints } from "#models/ai-sdk/prompt/with-cache-points.ts";
import { toAnthropicThinking } from "#models/ai-sdk/to-anthropic-thinking.ts";
import { toSharedOptions } from "#models/ai-sdk/to-shared-options.ts";
import type { ModelMessage, ModelRequest } from "#models/language-model.ts";
import { jsonInstruction } from "#models/messages/json-instruction.ts";
import { shapeMessages, systemAsNote } from "#models/messages/shape-messages.ts";
import { inlineReferences } from "#models/schemas/inline-references.ts";

/** A conversation begins with a user message. Models from 4.6 on refuse one that ends with an assistant message. */
const SHAPE = { beginsWithUser: true, refusesPrefill: true, withoutNames: true };

/** The key of this adapter's entries in message metadata. */
const ADAPTER = "anthropic";
/** https://platform.claude.com/docs/en/build-with-claude/pdf-support and .../vision */
const TARGET = {
  adapter: ADAPTER,
  takes: (type: string) => IMAGE_TYPES.includes(type) || type === "application/pdf" || type === "text/plain",
};

/** Converts a request into call options for the Anthropic messages format. */
export const toAnthropicOptions: ToCallOptions = (request, signal) => {
  const { options, maxOutputTokens, headers } = toAnthropicThinking(request);
  const forbidsTools = request.toolChoice === "none" && request.tools.length > 0;
  return withCachePoints({
    ...toSharedOptions(forbidsTools ? { ...request, toolChoice: "auto" } : request, inlineReferences),
    maxOutputTokens,
    prompt: toPrompt(toAnthropicMessages(request), TARGET),
    providerOptions: { [ADAPTER]: { ...options, ...toParallelOption(request) } },
    headers: { ...headers, ...(forbidsTools && { [NO_TOOLS_HEADER]: "1" }) },
    abortSignal: signal,
  });
};

/** The SDK sends this with the tool choice, and so only together with tools. */
const toParallelOption = ({ settings, tools }: ModelRequest) =>
  settings.parallelToolCalls === false && tools.length > 0 ? { disableParallelToolUse: true } : {};

/**
 * Rearranges the messages for the format. System texts must come first, so a later one becomes a marked user note. The
 * format has no JSON mode without a schema, so that mode becomes an instruction.
 */
function toAnthropicMessages({ messages, responseFormat }: ModelRequest): readonly ModelMessage[] {
  const firstTurn = messages.findIndex(({ role }) => role !== "system");
  const leading = firstTurn === -1 ? messages : messages.slice(0, firstTurn);
  const rest = firstTurn === -1 ? [] : messages.slice(firstTurn);
  const instruction =
    responseFormat?.type === "json" ? [{ role: "system" as const, text: jsonInstruction(responseFormat) }] : [];
  return shapeMessages([...leading, ...instruction, ...rest.map(systemAsNote)], SHAPE);
}
