import { nextTurn } from "#base/threads/next-turn.ts";

/**
 * Lets many do pieces of work one after the other, with a turn of the event loop after every `size` units of it. Without
 * this, each would do its piece in the same turn, and together they would hold the event loop.
 */
export class TurnShare {
  readonly #size: number;
  #left: number;
  /** Settles when the last piece so far is done. */
  #last: Promise<void> = Promise.resolve();

  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  /** Does a piece of work when those before it are done. Rejects if it throws, which hinders nobody else. */
  run(units: number, work: () => void): Promise<void> {
    const done = this.#last.then(async () => {
      work();
      this.#left -= units;
      if (this.#left > 0) return;
      await nextTurn();
      this.#left = this.#size;
    });
    this.#last = done.catch(() => {});
    return done;
  }
}
