import { LIMITS } from "#base/limits.ts";
import type { ChatStep } from "#features/chat/encode-chat.ts";

/**
 * Waits for the first step, so that a run which fails before its first word is answered with the status of its error
 * instead of a stream. Gives up waiting before a heartbeat is due.
 */
export async function peekStart(steps: AsyncGenerator<ChatStep>): Promise<AsyncIterable<ChatStep>> {
  const first = steps.next();
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), LIMITS.sseHeartbeat / 2);
  const outcome = await Promise.race([first, promise]).finally(() => clearTimeout(timer));
  if (outcome !== "late" && !outcome.done && outcome.value.kind === "error") {
    await steps.return(undefined);
    throw outcome.value.error;
  }
  return resume(first, steps);
}

/** The steps again, the first that was taken before all others. No generator: it would cost each step another turn. */
function resume(first: Promise<IteratorResult<ChatStep>>, steps: AsyncGenerator<ChatStep>): AsyncIterable<ChatStep> {
  let taken: Promise<IteratorResult<ChatStep>> | undefined = first;
  const next = () => {
    const step = taken ?? steps.next();
    taken = undefined;
    return step;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => steps.return(undefined) }) };
}
