/** A second: the smallest unit in which ages are written. */
const STEP = 1_000;

/** Tells all who show an age that time went on, with one timer. It runs only while somebody listens. */
export function createTicker() {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = 0;
  const read = () => {
    now = Math.floor(Date.now() / STEP) * STEP;
  };
  return {
    /** The time of the last tick, so all ages on a page agree. */
    now() {
      if (timer === undefined) read();
      return now;
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) {
        read();
        timer = setInterval(() => {
          read();
          for (const each of listeners) each();
        }, STEP);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
