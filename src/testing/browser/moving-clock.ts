import type { Clock } from "#base/clock.ts";

/** A clock that somebody moves, and that ticks as the real one does in between. */
export interface MovingClock extends Clock {
  /** Lets time pass, as if everybody had waited. In milliseconds. */
  pass(milliseconds: number): void;
  /** Goes on to a moment. Does nothing if it is past. */
  moveTo(moment: Date): void;
  /** Shows the real time from now on. */
  catchUp(): void;
}

/** Creates a clock that is so many milliseconds late. */
export function createMovingClock(late: number): MovingClock {
  let offset = -late;
  let passed = 0;
  const now = () => new Date(Date.now() + offset);
  return {
    now,
    elapsed: () => Math.floor(performance.now() + passed),
    pass(milliseconds) {
      offset += milliseconds;
      passed += milliseconds;
    },
    moveTo(moment) {
      offset += Math.max(0, moment.getTime() - now().getTime());
    },
    catchUp() {
      offset = 0;
    },
  };
}
