import type { Message, MessagePart } from "#runtime/transcript/index.ts";

/** The number of newest messages whose images and files are always shown. */
const SHOWN_MESSAGES = 5;

/**
 * Replaces the images and files of old turns with a placeholder. They cost thousands of tokens each, and the model saw
 * them when they were new. Those of the current run are always shown.
 */
export function showMedia(transcript: readonly Message[], runId: string): readonly Message[] {
  const earlier = transcript.findLastIndex(
    ({ role, run_id }) => role === "assistant" && run_id !== null && run_id !== runId,
  );
  const withMedia = transcript.flatMap((message, index) => (message.parts.some(isMedia) ? [index] : []));
  const hidden = new Set(withMedia.slice(0, -SHOWN_MESSAGES).filter((index) => index < earlier));
  if (hidden.size === 0) return transcript;
  return transcript.map((message, index) =>
    hidden.has(index) ? { ...message, parts: message.parts.map(toPlaceholder) } : message,
  );
}

const isMedia = (part: MessagePart): boolean => part.type === "image" || part.type === "file";

const toPlaceholder = (part: MessagePart): MessagePart =>
  part.type === "image" || part.type === "file"
    ? { type: "text", text: `[${part.type} of type ${part.media_type}, shown earlier]` }
    : part;
