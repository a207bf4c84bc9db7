import { isNote } from "#runtime/prompt/fit-history.ts";
import { sizeOf } from "#runtime/prompt/token-estimator.ts";
import type { Message } from "#runtime/transcript/index.ts";

export interface CutLimits {
  /** The minimum number of messages that stay, if they are not too long. */
  readonly keep: number;
  /** The maximum number of characters that stay. The last turn stays in any case. */
  readonly room: number;
}

/**
 * Returns the number of oldest messages that a summary may cover, or 0 if there are none. At least the last `keep`
 * messages stay, and more if the cut would separate tool calls from their results. Fewer stay if they are too long.
 */
export function findCut(messages: readonly Message[], { keep, room }: CutLimits): number {
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
