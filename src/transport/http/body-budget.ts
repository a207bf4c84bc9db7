import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { TurnShare } from "#base/threads/turn-share.ts";

const RETRY_AFTER = 1 * SECOND;
/** A larger body takes tens of milliseconds of the event loop until it is stored, in several pieces. */
const LARGE_BODY = 4 * 1_024 * 1_024;

/** Many bodies may arrive at the same time. After so many bytes of them, others have their turn. */
const TURN_BYTES = 512 * 1_024;

/**
 * Limits how many bytes of request bodies are in memory at the same time, so that large requests wait outside. A body
 * counts until its call is stored or answered. Large ones are handled one after the other, so that their pieces of work
 * do not come together.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;
  readonly #copying = new TurnShare(TURN_BYTES);
  /** Settles when the last large body so far is done. */
  #lastLarge: Promise<void> = Promise.resolve();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Begins a request, which holds nothing yet. */
  open(): BodyHold {
    let own = 0;
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    return {
      copying: this.#copying,
      take: (bytes) => {
        if (this.#held + bytes > this.#maxBytes) throw tooBusy();
        this.#held += bytes;
        own += bytes;
      },
      takeTurn: async () => {
        if (own < LARGE_BODY) return;
        const before = this.#lastLarge;
        this.#lastLarge = done;
        await before;
      },
      release: () => {
        this.#held -= own;
        own = 0;
        finish();
      },
    };
  }
}

/** The part of the budget that one request holds. */
export interface BodyHold {
  /** Shares the event loop among all bodies that arrive. */
  readonly copying: TurnShare;
  /** Throws 503 if the budget is used up. */
  take(bytes: number): void;
  /** Waits until other large bodies are done, if this one is large. Call it once, when the body is complete. */
  takeTurn(): Promise<void>;
  /** Gives back everything. May be called more than once. */
  release(): void;
}

/** The gateway reads as many large bodies as it can. */
export const tooBusy = () =>
  new AppError("UNAVAILABLE", "error.too_many_bodies", {}, { reason: "busy", retryAfterMs: RETRY_AFTER });
