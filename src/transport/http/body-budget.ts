import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";

const RETRY_AFTER = 1 * SECOND;

/**
 * Limits how many bytes of request bodies are in memory at the same time, so that large requests wait outside. A body
 * counts until its call is stored or answered.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Begins a request, which holds nothing yet. */
  open(): BodyHold {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#maxBytes) throw tooBusy();
        this.#held += bytes;
        own += bytes;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }
}

/** The part of the budget that one request holds. */
export interface BodyHold {
  /** Throws 503 if the budget is used up. */
  take(bytes: number): void;
  /** Gives back everything. May be called more than once. */
  release(): void;
}

/** The gateway reads as many large bodies as it can. */
export const tooBusy = () =>
  new AppError("UNAVAILABLE", "error.too_many_bodies", {}, { reason: "busy", retryAfterMs: RETRY_AFTER });
