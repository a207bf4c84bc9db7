import { aborted } from "#client/errors.ts";

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Returns how long to wait before an attempt, in milliseconds. The wait doubles with each attempt. It is random between
 * half of that and all of it, so that many clients come back at different times.
 */
export function backOff(attempt: number, atLeastMs = 0): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.max(atLeastMs, longest * (0.5 + Math.random() / 2));
}

/** Waits. Rejects with an error of the code `ABORTED` if the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const onAbort = () => {
      clearTimeout(timer);
      if (signal) reject(aborted(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
