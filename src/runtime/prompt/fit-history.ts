import { sizeOf, sizeOfAll } from "#runtime/prompt/token-estimator.ts";
import { type Message, textOf } from "#runtime/transcript/index.ts";

const LEFT_OUT = "[Earlier messages are left out: they do not fit.]";

/**
 * The newest turns that fit into `room` characters, with a word about the others. Turns stay whole: a result is never
 * torn from its call. The last turn stays however long it is, and so does a summary that the transcript begins with, if
 * it fits.
 */
export function fitHistory(
  transcript: readonly Message[],
  room: number,
  summary: Message | undefined,
): readonly Message[] {
  let start = transcript.findLastIndex(isBeginning);
  let left = room - sizeOfAll(transcript.slice(start));
  const kept = summary && sizeOf(summary) <= left ? summary : undefined;
  if (kept) left -= sizeOf(kept);
  for (let index = start - 1; index >= 0; index--) {
    const message = transcript[index];
    if (!message) break;
    left -= sizeOf(message);
    if (left < 0) break;
    if (isBeginning(message)) start = index;
  }
  const first = transcript[start];
  if (start <= (kept ? 1 : 0) || !first) return transcript;
  const text = kept ? `${textOf(kept.parts)}\n\n${LEFT_OUT}` : LEFT_OUT;
  return [{ ...first, role: "user", parts: [{ type: "text", text }], run_id: null }, ...transcript.slice(start)];
}

/** Whether a turn may begin with it. */
const isBeginning = (message: Message): boolean => message.role !== "tool" && !isNote(message);

/** A word of the gateway's own to the model, which belongs to the results before it. */
export const isNote = ({ role, run_id }: Pick<Message, "role" | "run_id">): boolean =>
  role === "system" && run_id !== null;
