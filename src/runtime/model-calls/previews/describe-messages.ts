import { headOf, tailOf } from "#base/texts/cut-text.ts";
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
    const text = JSON.stringify({ role: message.role, content: endsOf(contentOf(message), chars) });
    taken.push(text);
    size += text.length;
  }
  return taken;
}

const endsOf = (text: string, chars: number): string =>
  text.length <= 2 * chars ? text : headOf(text, chars) + tailOf(text, chars);

function contentOf(message: ModelMessage): string {
  switch (message.role) {
    case "system":
      return message.text;
    case "tool":
      return message.results.flatMap(({ text, files = [] }) => [text, ...files.map(toText)]).join("\n");
    default:
      return message.parts.map(toText).join("\n");
  }
}

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
