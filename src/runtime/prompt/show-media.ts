import type { Message, MessagePart } from "#runtime/transcript/index.ts";

/** So many of the newest messages with images or files are shown whole. */
const SHOWN_MESSAGES = 5;

/**
 * The transcript with the images and files of old turns replaced by a word about them: they cost thousands of tokens
 * each and were seen when they were new. What came with this run is always shown.
 */
export function showMedia(transcript: readonly Message[], runId: string): readonly Message[] {
  const earlier = transcript.findLastIndex(
    ({ role, run_id }) => role === "assistant" && run_id !== null && run_id !== runId,
  );
  const withMedia = transcript.flatMap((message, index) => (message.parts.some(isMedia) ? [index] : []));
  const hidden = new Set(withMedia.slice(0, -SHOWN_MESSAGES).filter((index) => index < earlier));
  if (hidden.size === 0) return transcript;
  return transcript.map((message, index) =>
    hidden.has(index) ? { ...message, parts: message.parts.map(toWord) } : message,
  );
}

const isMedia = (part: MessagePart): boolean => part.type === "image" || part.type === "file";

const toWord = (part: MessagePart): MessagePart =>
  part.type === "image" || part.type === "file"
    ? { type: "text", text: `[${part.type} of type ${part.media_type}, shown earlier]` }
    : part;
