import { type Message, type MessagePart, textOf } from "#runtime/message-parts.ts";

/** Tool results are cut to this: what they came to was mostly said by the assistant afterwards. */
const RESULT_CHARS = 4_000;
const ARGUMENT_CHARS = 1_000;

/** Messages as plain text for a model that is to read about them, not to take part. */
export const toMaterial = (messages: readonly Message[]): string =>
  messages.map(({ role, parts }) => `${role}:\n${parts.map(toText).filter(Boolean).join("\n")}`).join("\n\n");

function toText(part: MessagePart): string {
  switch (part.type) {
    case "text":
      return textOf([part]);
    case "image":
    case "file":
      return `[${part.type}: ${part.media_type}]`;
    case "reasoning":
      return "";
    case "tool_call":
      return `[calls ${part.name} with ${cut(part.arguments, ARGUMENT_CHARS)}]`;
    case "tool_result":
      return `[${part.is_error ? "error" : "result"} of ${part.name}: ${cut(part.text, RESULT_CHARS)}]`;
  }
}

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
