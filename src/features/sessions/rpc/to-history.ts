import { isJsonText } from "#base/json.ts";
import { type Message, reasoningOf, textOf, toolCallsOf, toolResultsOf } from "#runtime/transcript/index.ts";

/** A message as GoClaw's protocol v3 shows it. */
export interface HistoryMessage {
  readonly id: string;
  readonly role: Message["role"];
  readonly content: string;
  readonly created_at: string;
  readonly sender_name?: string;
  readonly thinking?: string;
  readonly media_refs?: readonly object[];
  readonly tool_calls?: readonly object[];
  readonly tool_call_id?: string;
  readonly is_error?: boolean;
}

/** Converts a message. Each result of a tool becomes a message of its own. */
export function toHistory(message: Message): readonly HistoryMessage[] {
  const { id, role, parts, created_at } = message;
  if (role === "tool") {
    return toolResultsOf(parts).map(({ call_id, text, is_error }) => ({
      ...{ id: `${id}:${call_id}`, role, content: text, created_at, tool_call_id: call_id },
      ...(is_error && { is_error }),
    }));
  }
  const thinking = reasoningOf(parts);
  const author = parts.find((part) => part.type === "text")?.author;
  const media = parts.filter((part) => part.type === "image" || part.type === "file");
  const calls = toolCallsOf(parts);
  return [
    {
      ...{ id, role, content: textOf(parts), created_at },
      ...(author !== undefined && { sender_name: author }),
      ...(thinking !== "" && { thinking }),
      ...(media.length > 0 && {
        media_refs: media.map(({ blob, media_type, type }) => ({ id: blob, mime_type: media_type, kind: type })),
      }),
      ...(calls.length > 0 && { tool_calls: calls.map(toCall) }),
    },
  ];
}

const toCall = ({ id, name, arguments: args }: ReturnType<typeof toolCallsOf>[number]) =>
  isJsonText(args)
    ? { id, name, arguments: JSON.parse(args) as unknown }
    : { id, name, arguments: {}, parse_error: args };
