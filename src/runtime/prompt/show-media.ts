import { LIMITS } from "#base/limits.ts";
import { resultStandInOf } from "#runtime/prompt/stand-ins.ts";
import {
  holdsMedia,
  type ImagePart,
  type Message,
  type MessagePart,
  mediaOf,
  type ToolResultPart,
} from "#runtime/transcript/index.ts";

/** The number of newest messages whose images and files are always shown, for messages and for tool results. */
const SHOWN_MESSAGES = 5;

/**
 * Replaces the images and files of old turns with a placeholder. They cost thousands of tokens each, and the model saw
 * them when they were new. Those that callers sent to the current run are always shown. Of the images in tool results, as
 * many of the newest are shown as fit into a request.
 */
export function showMedia(transcript: readonly Message[], runId: string): readonly Message[] {
  const earlier = transcript.findLastIndex(
    ({ role, run_id }) => role === "assistant" && run_id !== null && run_id !== runId,
  );
  const isResult = ({ role }: Message) => role === "tool";
  const withMedia = transcript.flatMap((message, index) => (holdsMedia(message.parts) ? [{ message, index }] : []));
  if (withMedia.length === 0) return transcript;
  const results = withMedia.filter(({ message }) => isResult(message));
  const sent = withMedia.filter(({ message }) => !isResult(message));
  const old = [...sent.slice(0, -SHOWN_MESSAGES), ...results.slice(0, -SHOWN_MESSAGES)];
  const hidden = new Set(old.flatMap(({ index }) => (index < earlier ? [index] : [])));
  const shown = transcript.map((message, index) =>
    hidden.has(index) ? { ...message, parts: message.parts.map(toPlaceholder) } : message,
  );
  return results.length === 0 ? shown : fitResultImages(shown);
}

function toPlaceholder(part: MessagePart): MessagePart {
  if (part.type === "tool_result") return hideImages(part, part.images?.length ?? 0);
  return part.type === "image" || part.type === "file"
    ? { type: "text", text: `[${part.type} of type ${part.media_type}, shown earlier]` }
    : part;
}

/**
 * Leaves out the oldest images of results if there are too many for a request. Several go at once, so the beginning of
 * the conversation stays the same for some calls, and providers can cache it.
 */
function fitResultImages(transcript: readonly Message[]): readonly Message[] {
  const images = transcript.flatMap(({ role, parts }) => (role === "tool" ? mediaOf(parts) : []));
  let toHide = 0;
  while (!fits(images.slice(toHide))) toHide += LIMITS.resultImagesLeftOutAtOnce;
  if (toHide === 0) return transcript;
  return transcript.map((message) => {
    if (message.role !== "tool" || toHide <= 0) return message;
    const parts = message.parts.map((part) => {
      if (part.type !== "tool_result" || !part.images || toHide <= 0) return part;
      const hidden = hideImages(part, toHide);
      toHide -= part.images.length;
      return hidden;
    });
    return { ...message, parts };
  });
}

const fits = (images: readonly Pick<ImagePart, "bytes">[]): boolean =>
  images.length <= LIMITS.requestResultImages &&
  images.reduce((sum, { bytes }) => sum + bytes, 0) <= LIMITS.requestResultImageBytes;

/** Replaces the first images of a result with words. */
function hideImages(part: ToolResultPart, count: number): ToolResultPart {
  const { images = [] } = part;
  if (images.length === 0) return part;
  const texts = images.slice(0, count).map(resultStandInOf);
  const rest = images.slice(count);
  return { ...part, text: [part.text, ...texts].join("\n"), images: rest.length === 0 ? undefined : rest };
}
