import { headOf, tailOf } from "#base/texts/cut-text.ts";
import { type Message, type MessagePart, textOf } from "#runtime/transcript/index.ts";

/** Tool results are truncated to this length, because the assistant's next message usually says what mattered. */
const RESULT_CHARS = 4_000;
const ARGUMENT_CHARS = 1_000;

/**
 * Converts messages to plain text for a model that only reads about them. Returns pieces of at most `chars` characters,
 * each of whole messages. A longer message loses its middle.
 */
export function toMaterial(messages: readonly Message[], chars: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const message of messages) {
    const text = cutMiddle(toText(message), chars);
    if (piece !== "" && piece.length + text.length + 2 > chars) {
      pieces.push(piece);
      piece = "";
    }
    piece = piece === "" ? text : `${piece}\n\n${text}`;
  }
  return piece === "" ? pieces : [...pieces, piece];
}

const toText = ({ role, parts }: Message): string => `${role}:\n${parts.map(partToText).filter(Boolean).join("\n")}`;

function partToText(part: MessagePart): string {
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
      return [
        `[${part.is_error ? "error" : "result"} of ${part.name}: ${cut(part.text, RESULT_CHARS)}]`,
        ...(part.images ?? []).map(partToText),
      ].join("\n");
  }
}

const cut = (text: string, length: number): string => (text.length > length ? `${headOf(text, length)}…` : text);

const CUT_MARK = "\n[… cut …]\n";

/** Shortens a text to `chars` characters by leaving out its middle. */
export function cutMiddle(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const half = Math.max(0, Math.floor((chars - CUT_MARK.length) / 2));
  return headOf(text, half) + CUT_MARK + tailOf(text, half);
}
