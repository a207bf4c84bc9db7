import { withoutMiddle } from "#base/texts/cut-text.ts";
import type { ModelMessage, ModelToolCall } from "#models/language-model.ts";

/**
 * Writes messages to a model as JSON. Files appear by their type alone. Of a long conversation, only about the first and
 * the last `endChars` characters are written, because a run calls its model again and again.
 */
export function describeMessages(messages: readonly ModelMessage[], endChars: number): string {
  const first = takeWhileSmall(messages, endChars);
  if (first.length === messages.length) return `[${first.join()}]`;
  const last = takeWhileSmall(messages.slice(first.length).reverse(), endChars).reverse();
  return `[${[...first, ...last].join()}]`;
}

function takeWhileSmall(messages: readonly ModelMessage[], chars: number): string[] {
  const taken: string[] = [];
  let size = 0;
  for (const message of messages) {
    if (size >= chars) break;
    const text = JSON.stringify({
      role: message.role,
      content: withoutMiddle(contentOf(message), 2 * chars, "").join(""),
    });
    taken.push(text);
    size += text.length;
  }
  return taken;
}

function contentOf(message: ModelMessage): readonly string[] {
  switch (message.role) {
    case "system":
      return [message.text];
    case "tool":
      return asLines(message.results.flatMap(({ text, files = [] }) => [text, ...files.map(toText)]));
    default:
      return asLines(message.parts.map(toText));
  }
}

const asLines = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text, index) => (index === 0 ? [text] : ["\n", text]));

type Part = Extract<ModelMessage, { readonly parts: unknown }>["parts"][number];

function toText(part: Part): string {
  switch (part.type) {
    case "file":
      return `[${part.mediaType}]`;
    case "tool_call":
      return describeCall(part);
    default:
      return part.text;
  }
}

export const describeCall = ({ name, arguments: text }: Pick<ModelToolCall, "name" | "arguments">): string =>
  `${name}(${text})`;
