import { isNote } from "#runtime/prompt/fit-history.ts";
import { sizeOf } from "#runtime/prompt/token-estimator.ts";
import type { Message } from "#runtime/transcript/index.ts";

export interface CutWish {
  /** Messages that stay at least, while they are not too long. */
  readonly keep: number;
  /** Characters that may stay at most; the last turn stays in any case. */
  readonly room: number;
}

/**
 * How many messages from the beginning a summary may take over. The last few stay, and more where a turn with tool
 * calls would be torn from its results; fewer when they are too long. 0 when nothing is left to summarise.
 */
export function findCut(messages: readonly Message[], { keep, room }: CutWish): number {
  let cut = toBoundary(messages, Math.max(0, messages.length - keep));
  let size = messages.slice(cut).reduce((sum, message) => sum + sizeOf(message), 0);
  while (size > room) {
    const next = nextBoundary(messages, cut);
    if (next === undefined) break;
    size -= messages.slice(cut, next).reduce((sum, message) => sum + sizeOf(message), 0);
    cut = next;
  }
  return cut;
}

function toBoundary(messages: readonly Message[], from: number): number {
  let cut = from;
  while (cut > 0 && !mayBegin(messages[cut])) cut--;
  return cut;
}

function nextBoundary(messages: readonly Message[], after: number): number | undefined {
  const index = messages.findIndex((message, at) => at > after && mayBegin(message));
  return index === -1 ? undefined : index;
}

const mayBegin = (message: Message | undefined): boolean =>
  message !== undefined && message.role !== "tool" && !isNote(message);
