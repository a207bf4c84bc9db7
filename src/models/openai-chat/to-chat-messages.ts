import { toCallArguments, toSentName } from "#models/call-arguments.ts";
import type { ModelMessage, ModelReasoning, ModelRequest, ModelToolCall } from "#models/language-model.ts";
import { moveResultFiles, withoutResultFiles } from "#models/messages/result-files.ts";
import { shapeMessages, withoutName } from "#models/messages/shape-messages.ts";
import { withoutBlanks } from "#models/messages/without-blanks.ts";
import { metadataOf } from "#models/metadata-of.ts";
import { toCallId } from "#models/openai-chat/to-call-id.ts";
import { toUserContent } from "#models/openai-chat/to-user-content.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

type AssistantMessage = Extract<ModelMessage, { role: "assistant" }>;
type UserMessage = Extract<ModelMessage, { role: "user" }>;
type ToolMessage = Extract<ModelMessage, { role: "tool" }>;
type ChatMessage = Readonly<Record<string, unknown>>;

/** The key of this adapter's entries in message metadata. */
export const ADAPTER = "openai";

/** Converts a conversation into the OpenAI chat format. */
export function toChatMessages({ messages, model }: ModelRequest, quirks: Quirks): readonly ChatMessage[] {
  const systemRole = quirks.developerRole?.test(model) ? "developer" : "system";
  return shapeMessages(withPlacedFiles(withoutBlanks(messages), quirks), quirks).flatMap((message) =>
    toChatMessage(message, systemRole, quirks),
  );
}

/** A tool message holds text alone, so the images of results follow in a user message. */
function withPlacedFiles(messages: readonly ModelMessage[], quirks: Quirks): readonly ModelMessage[] {
  if (quirks.withoutTools) return messages;
  return quirks.refusesUserAfterResults ? withoutResultFiles(messages) : moveResultFiles(messages);
}

function toChatMessage(message: ModelMessage, systemRole: string, quirks: Quirks): readonly ChatMessage[] {
  switch (message.role) {
    case "system":
      return [{ role: systemRole, content: message.text }];
    case "user":
      return [toUserMessage(message, quirks)];
    case "assistant":
      return toAssistantMessage(message, quirks);
    case "tool":
      return toToolMessages(message, quirks);
  }
}

/** Sends a name that the format allows as such. Any other name stands before the text. */
function toUserMessage(message: UserMessage, quirks: Quirks): ChatMessage {
  const { messageNames } = quirks;
  const { name } = message;
  if (name !== undefined && messageNames && /^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    return { role: "user", name, content: toUserContent(message.parts, quirks) };
  }
  return { role: "user", content: toUserContent(withoutName(message).parts, quirks) };
}

function toAssistantMessage({ parts }: AssistantMessage, quirks: Quirks): readonly ChatMessage[] {
  const content = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = parts.filter((part) => part.type === "tool_call");
  const reasoning = toReasoning(
    parts.filter((part) => part.type === "reasoning"),
    calls.length > 0,
    quirks,
  );
  return [
    {
      role: "assistant",
      ...(content !== "" && { content }),
      ...reasoning,
      ...(calls.length > 0 && { tool_calls: calls.map((call) => toToolCall(call, quirks)) }),
    },
  ];
}

/** Returns the reasoning fields of a turn. Omits reasoning that another provider signed. */
function toReasoning(parts: readonly ModelReasoning[], hasCalls: boolean, { echoesReasoning }: Quirks): ChatMessage {
  if (echoesReasoning === undefined) return {};
  if (echoesReasoning === "details") {
    const details = parts.flatMap(({ metadata }) => metadataOf(metadata, ADAPTER)?.reasoning_details ?? []);
    return details.length > 0 ? { reasoning_details: details } : {};
  }
  const text = parts.map((part) => (isForeign(part) ? "" : part.text)).join("");
  return text !== "" || (hasCalls && echoesReasoning === "text_always") ? { reasoning_content: text } : {};
}

const isForeign = ({ metadata }: ModelReasoning) =>
  metadata !== undefined && metadataOf(metadata, ADAPTER) === undefined;

function toToolCall(call: ModelToolCall, { callIds, echoesExtraContent }: Quirks): ChatMessage {
  const extra = echoesExtraContent && metadataOf(call.metadata, ADAPTER)?.extra_content;
  return {
    id: toCallId(call.id, callIds),
    type: "function",
    function: { name: toSentName(call.name), arguments: toCallArguments(call.arguments).text },
    ...(extra && { extra_content: extra }),
  };
}

const toToolMessages = ({ results }: ToolMessage, { callIds }: Quirks): readonly ChatMessage[] =>
  results.map(({ callId, text }) => ({
    role: "tool",
    tool_call_id: toCallId(callId, callIds),
    content: text,
  }));
