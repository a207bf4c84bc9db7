import { LIMITS } from "#base/limits.ts";
import type { ChatStep } from "#features/chat/encode-chat.ts";
import type { AnsweredBy } from "#runtime/runs/index.ts";

/** The steps of a run that has started. */
export interface StartedChat {
  readonly steps: AsyncIterable<ChatStep>;
  /** Undefined if nothing has arrived yet. */
  readonly answeredBy: AnsweredBy | undefined;
}

/**
 * Waits for the first step of a run and returns all steps. Throws the error of a run that fails first, so the response
 * gets the status of that error. Stops waiting after half of `LIMITS.sseHeartbeat`, because a stream must send a
 * heartbeat.
 */
export async function peekStart(steps: AsyncGenerator<ChatStep>): Promise<StartedChat> {
  const first = steps.next();
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), LIMITS.sseHeartbeat / 2);
  const outcome = await Promise.race([first, promise]).finally(() => clearTimeout(timer));
  const step = outcome === "late" || outcome.done ? undefined : outcome.value;
  if (step?.kind === "error") {
    await steps.return(undefined);
    throw step.error;
  }
  return { steps: resume(first, steps), answeredBy: step?.answeredBy };
}

/** Returns the steps again, starting with the first one. A generator would cost each step another microtask. */
function resume(first: Promise<IteratorResult<ChatStep>>, steps: AsyncGenerator<ChatStep>): AsyncIterable<ChatStep> {
  let pending: Promise<IteratorResult<ChatStep>> | undefined = first;
  const next = () => {
    const step = pending ?? steps.next();
    pending = undefined;
    return step;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => steps.return(undefined) }) };
}
