import { headOf, withoutMiddle } from "#base/texts/cut-text.ts";
import { lengthOf } from "#base/texts/joined-text.ts";
import { type Message, type MessagePart, textOf } from "#runtime/transcript/index.ts";

/** Tool results are truncated to this length, because the assistant's next message usually says what mattered. */
const RESULT_CHARS = 4_000;
const ARGUMENT_CHARS = 1_000;

/** Shorter texts are joined. In UTF-16 code units. */
const SHORT = 4_096;

/**
 * Converts messages to plain text for a model that only reads about them. Returns pieces of at most `chars` characters,
 * each of whole messages. A longer message loses its middle. A piece is a list of texts, because joining long ones would
 * copy them.
 */
export function toMaterial(messages: readonly Message[], chars: number): readonly (readonly string[])[] {
  const pieces: string[][] = [];
  let left = 0;
  for (const message of messages) {
    const texts = withoutMiddle(toTexts(message), chars, CUT_MARK);
    const piece = pieces.at(-1);
    const length = lengthOf(texts) + GAP.length;
    if (piece && length <= left) {
      addTexts(piece, [GAP, ...texts]);
      left -= length;
    } else {
      pieces.push(addTexts([], texts));
      left = chars - lengthOf(texts);
    }
  }
  return pieces;
}

/** Stands between two messages. */
const GAP = "\n\n";

/** Appends texts to a list. Returns the list. */
function addTexts(list: string[], texts: readonly string[]): string[] {
  for (const text of texts) {
    const last = list.at(-1);
    if (last !== undefined && last.length < SHORT && text.length < SHORT) list[list.length - 1] = last + text;
    else list.push(text);
  }
  return list;
}

const toTexts = ({ role, parts }: Message): readonly string[] => {
  const texts = parts.map(partToText).filter(Boolean);
  return [`${role}:\n`, ...texts.map((text, index) => (index === 0 ? text : `\n${text}`))];
};

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
export const cutMiddle = (text: string, chars: number): string => withoutMiddle([text], chars, CUT_MARK).join("");
