import type { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";

/** The steps of a run that has started. */
export interface StartedSteps<Step> {
  readonly steps: AsyncIterable<Step>;
  /** Undefined if nothing has arrived yet. */
  readonly first: Step | undefined;
}

/**
 * Waits for the first step of a run and returns all steps. Throws the error of a run that fails first, so the response
 * gets the status of that error. Stops waiting after half of `LIMITS.sseHeartbeat`, because a stream must send a
 * heartbeat.
 */
export async function peekStart<Step>(
  steps: AsyncGenerator<Step>,
  errorOf: (step: Step) => AppError | undefined,
): Promise<StartedSteps<Step>> {
  const first = steps.next();
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), LIMITS.sseHeartbeat / 2);
  const outcome = await Promise.race([first, promise]).finally(() => clearTimeout(timer));
  const step = outcome === "late" || outcome.done ? undefined : outcome.value;
  const error = step && errorOf(step);
  if (error) {
    await steps.return(undefined);
    throw error;
  }
  return { steps: resume(first, steps), first: step };
}

/** Returns the steps again, starting with the first one. A generator would cost each step another microtask. */
function resume<Step>(first: Promise<IteratorResult<Step>>, steps: AsyncGenerator<Step>): AsyncIterable<Step> {
  let pending: Promise<IteratorResult<Step>> | undefined = first;
  const next = () => {
    const step = pending ?? steps.next();
    pending = undefined;
    return step;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => steps.return(undefined) }) };
}
