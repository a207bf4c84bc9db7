import { invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { unsignLinks } from "#features/media/index.ts";
import type { AssistantMessage, ConversationMessage, UserMessage } from "#features/openai-messages/schema.ts";
import { storeContent } from "#features/openai-messages/store-content.ts";
import { type CurrentMessage, withToolCalls } from "#features/openai-messages/with-tool-calls.ts";
import { type MessagePart, type NewMessage, toolCallsOf } from "#runtime/transcript/index.ts";

/** A caller's messages in their stored form. */
export interface Conversation {
  /** The text of the system and developer messages before the first turn. */
  readonly instructions: string | undefined;
  readonly turns: readonly NewMessage[];
}

/**
 * Converts the messages of a request. Stores their images and files as blobs. If there are only system messages, the
 * last one is the message to answer.
 */
export async function toConversation(ctx: Context, received: readonly ConversationMessage[]): Promise<Conversation> {
  const messages = withToolCalls(received);
  requireImageLimit(messages);
  const isInstruction = ({ role }: CurrentMessage) => role === "system" || role === "developer";
  const isWithoutTurns = messages.every(isInstruction);
  const firstTurn = isWithoutTurns ? messages.length - 1 : messages.findIndex((message) => !isInstruction(message));
  const instructions = messages.slice(0, firstTurn).map(({ content }) => toText(content));
  const turns: NewMessage[] = [];
  for (const [index, message] of messages.entries()) {
    if (index >= firstTurn) turns.push(await toTurn(ctx, message, `messages.${index}`));
  }
  return {
    instructions: instructions.length > 0 ? instructions.join("\n\n") : undefined,
    turns: isWithoutTurns ? turns.map(({ parts }) => ({ role: "user", parts })) : nameResults(turns),
  };
}

/** Adds to each tool result the name of its call. OpenAI's format has the name only in the call. */
export function nameResults(turns: readonly NewMessage[]): readonly NewMessage[] {
  const calls = turns.flatMap(({ parts }) => toolCallsOf(parts));
  const names = new Map(calls.map(({ id, name }) => [id, name]));
  const named = (part: MessagePart) =>
    part.type === "tool_result" ? { ...part, name: names.get(part.call_id) ?? part.name } : part;
  return turns.map(({ role, parts }) => ({ role, parts: parts.map(named) }));
}

async function toTurn(ctx: Context, message: CurrentMessage, field: string): Promise<NewMessage> {
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", parts: [{ type: "text", text: toText(message.content) }] };
    case "user":
      return { role: "user", parts: await toUserParts(ctx, message, field) };
    case "assistant":
      return { role: "assistant", parts: toAssistantParts(message) };
    case "tool":
      return {
        role: "tool",
        parts: [
          {
            type: "tool_result",
            call_id: message.tool_call_id,
            name: "",
            text: toText(message.content),
            is_error: false,
          },
        ],
      };
  }
}

async function toUserParts(
  ctx: Context,
  { content, name }: UserMessage,
  field: string,
): Promise<readonly MessagePart[]> {
  const author = name ? { author: name } : {};
  if (typeof content === "string") return [{ type: "text", text: content, ...author }];
  const parts: MessagePart[] = [];
  for (const [index, part] of content.entries()) parts.push(await storeContent(ctx, part, `${field}.content.${index}`));
  return parts.map((part) => (part.type === "text" ? { ...part, ...author } : part));
}

function toAssistantParts({ content, tool_calls }: AssistantMessage): readonly MessagePart[] {
  const text = unsignLinks(toText(content ?? ""));
  const calls = (tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => ({
    type: "tool_call" as const,
    id,
    name,
    arguments: json,
    is_client: true,
  }));
  return [...(text === "" ? [] : [{ type: "text" as const, text }]), ...calls];
}

type AnyContent = CurrentMessage["content"];

function toText(content: AnyContent): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => ("text" in part ? part.text : "refusal" in part ? part.refusal : "")).join("");
}

function requireImageLimit(messages: readonly CurrentMessage[]): void {
  const parts = messages.flatMap(({ content }): readonly { readonly type: string }[] =>
    Array.isArray(content) ? content : [],
  );
  requireFewImages(parts.filter(({ type }) => type === "image_url" || type === "file").length, "messages");
}

/** Throws 400 if a conversation has more images and files than `LIMITS.imagesPerRequest`. */
export function requireFewImages(count: number, field: string): void {
  if (count > LIMITS.imagesPerRequest) throw invalidField(field, `> ${LIMITS.imagesPerRequest} images`);
}
