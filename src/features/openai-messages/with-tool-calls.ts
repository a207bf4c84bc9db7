import type { ConversationMessage } from "#features/openai-messages/schema.ts";

/** A message in today's form. */
export type CurrentMessage = Exclude<ConversationMessage, { readonly role: "function" }>;

/**
 * Rewrites the function calls and results of clients from before there were tools. They have no ids, so a result belongs
 * to the last call of its function.
 */
export function withToolCalls(messages: readonly ConversationMessage[]): readonly CurrentMessage[] {
  const lastCalls = new Map<string, string>();
  return messages.map((message, index): CurrentMessage => {
    if (message.role === "function") {
      const id = lastCalls.get(message.name) ?? message.name;
      lastCalls.delete(message.name);
      return { role: "tool", tool_call_id: id, content: message.content ?? "" };
    }
    if (message.role !== "assistant" || message.function_call == null) return message;
    const id = `call_function_${index}`;
    lastCalls.set(message.function_call.name, id);
    const call = { id, type: "function" as const, function: message.function_call };
    return { ...message, tool_calls: [...(message.tool_calls ?? []), call] };
  });
}
