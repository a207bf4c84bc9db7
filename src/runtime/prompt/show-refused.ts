import { cutMiddle } from "#runtime/prompt/to-material.ts";
import type { FilePart, ImagePart, Message, MessagePart } from "#runtime/transcript/index.ts";

/** The characters of a text that was refused for its length. */
const SHOWN_CHARS = 2_000;

const LEFT_OUT = "[This message is left out: a provider refused its content.]";
const RESULT_LEFT_OUT = "[This result is left out: a provider refused its content.]";

/**
 * Returns a message as later model calls read it. What a provider refused becomes a note, because every further request
 * of the session would be refused for it too.
 */
export function showRefused(message: Message): Message {
  switch (message.refused) {
    case undefined:
      return message;
    case "media":
      return { ...message, parts: message.parts.map(withoutMedia) };
    case "policy":
      return message.role === "user"
        ? { ...message, parts: [{ type: "text", text: LEFT_OUT }] }
        : { ...message, parts: message.parts.map(withoutResult) };
    case "length":
      return { ...message, parts: message.parts.map(shortened) };
  }
}

function withoutMedia(part: MessagePart): MessagePart {
  if (part.type === "image" || part.type === "file") return { type: "text", text: toNote(part) };
  if (part.type !== "tool_result" || !part.images) return part;
  return { ...part, text: [part.text, ...part.images.map(toNote)].join("\n"), images: undefined };
}

const toNote = ({ type, media_type }: ImagePart | FilePart): string =>
  `[${type} of type ${media_type}, left out: a provider refused it]`;

const withoutResult = (part: MessagePart): MessagePart =>
  part.type === "tool_result" ? { ...part, text: RESULT_LEFT_OUT, images: undefined } : part;

function shortened(part: MessagePart): MessagePart {
  const shown = withoutMedia(part);
  return shown.type === "text" || shown.type === "tool_result"
    ? { ...shown, text: cutMiddle(shown.text, SHOWN_CHARS) }
    : shown;
}
