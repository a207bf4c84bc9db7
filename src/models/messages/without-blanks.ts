import type { ModelMessage, ModelToolResult } from "#models/language-model.ts";

/**
 * Removes blank texts from a conversation, because many providers refuse a request that holds one. A user's message or a
 * tool's result that is blank becomes a note, so that turns and results stay complete.
 */
export const withoutBlanks = (messages: readonly ModelMessage[]): readonly ModelMessage[] =>
  messages.flatMap((message) => withoutBlank(message) ?? []);

function withoutBlank(message: ModelMessage): ModelMessage | undefined {
  switch (message.role) {
    case "system":
      return isBlank(message.text) ? undefined : message;
    case "user": {
      const parts = message.parts.filter(isKept);
      return { ...message, parts: parts.length === 0 ? [{ type: "text", text: "(empty message)" }] : parts };
    }
    case "assistant": {
      const parts = message.parts.filter(isKept);
      // Reasoning without an answer is refused too.
      return parts.every(({ type }) => type === "reasoning") ? undefined : { role: "assistant", parts };
    }
    case "tool":
      return { role: "tool", results: message.results.map(withText) };
  }
}

const isBlank = (text: string): boolean => text.trim() === "";

const isKept = (part: { readonly type: string; readonly text?: string }): boolean =>
  part.type !== "text" || !isBlank(part.text ?? "");

const withText = (result: ModelToolResult): ModelToolResult =>
  isBlank(result.text) ? { ...result, text: "(no output)" } : result;
