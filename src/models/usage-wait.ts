import { LIMITS } from "#base/limits.ts";

/**
 * Reads data that may follow a complete answer, mainly its usage. Waits `LIMITS.modelUsageWait` in total, and ignores
 * failures so that the answer is kept.
 */
export class UsageWait {
  readonly #endsAt = performance.now() + LIMITS.modelUsageWait;

  /** Returns the result of `next`, or undefined if it fails or the time is over. */
  async read<Value>(next: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, Math.max(0, this.#endsAt - performance.now()), undefined);
    try {
      return await Promise.race([next().catch(() => undefined), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
