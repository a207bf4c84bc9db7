import { type Clock, elapsedOf } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";

/** The pause after the failures of one server. It grows with each failure, and chance spreads the servers' attempts. */
export class RetryPause {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #until = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How long the pause still lasts, in milliseconds. */
  get remaining(): number {
    return Math.max(0, this.#until - elapsedOf(this.#clock));
  }

  fail(): void {
    const full = Math.min(LIMITS.mcpRetryDelayMax, LIMITS.mcpRetryDelay * 2 ** Math.min(this.#failures, 10));
    this.#failures++;
    this.#until = elapsedOf(this.#clock) + full * (0.5 + this.#random() / 2);
  }

  succeed(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
