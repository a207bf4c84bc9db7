import { sizeOf, sizeOfAll } from "#runtime/prompt/token-estimator.ts";
import { type Message, textOf } from "#runtime/transcript/index.ts";

const LEFT_OUT = "[Earlier messages are left out: they do not fit.]";

/**
 * Returns the newest turns that fit into `room` characters, after a note that others are left out. Turns stay whole, so
 * a result is never separated from its call. The last turn stays even if it is too long. The summary at the beginning
 * of the transcript stays if it fits beside the last turn.
 */
export function fitHistory(
  transcript: readonly Message[],
  room: number,
  summary: Message | undefined,
): readonly Message[] {
  let start = transcript.findLastIndex(isBeginning);
  let remaining = room - sizeOfAll(transcript.slice(start));
  const kept = summary && sizeOf(summary) <= remaining ? summary : undefined;
  if (kept) remaining -= sizeOf(kept);
  for (let index = start - 1; index >= 0; index--) {
    const message = transcript[index];
    if (!message) break;
    remaining -= sizeOf(message);
    if (remaining < 0) break;
    if (isBeginning(message)) start = index;
  }
  const first = transcript[start];
  if (start <= (kept ? 1 : 0) || !first) return transcript;
  const text = kept ? `${textOf(kept.parts)}\n\n${LEFT_OUT}` : LEFT_OUT;
  return [{ ...first, role: "user", parts: [{ type: "text", text }], run_id: null }, ...transcript.slice(start)];
}

/** Returns true if a turn may begin with this message. */
const isBeginning = (message: Message): boolean => message.role !== "tool" && !isNote(message);

/** Returns true for a note from the gateway to the model. It belongs to the tool results before it. */
export const isNote = ({ role, run_id }: Pick<Message, "role" | "run_id">): boolean =>
  role === "system" && run_id !== null;
