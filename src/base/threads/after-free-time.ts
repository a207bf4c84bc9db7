/** In milliseconds. */
const STEP_MS = 50;

/**
 * Runs a task after a time in milliseconds during which the event loop was free, and returns how to cancel it. A stall
 * counts as one short step, because what arrived meanwhile is read after the stall.
 */
export function afterFreeTime(milliseconds: number, task: () => void): () => void {
  let left = milliseconds;
  const timer = setInterval(() => {
    left -= STEP_MS;
    if (left > 0) return;
    clearInterval(timer);
    task();
  }, STEP_MS);
  return () => clearInterval(timer);
}
