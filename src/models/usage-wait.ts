import { LIMITS } from "#base/limits.ts";

/**
 * Reads what may or may not come after a whole answer, its usage above all: for so long in all, however often something
 * comes, and no failure costs the answer.
 */
export class UsageWait {
  readonly #endsAt = performance.now() + LIMITS.modelUsageWait;

  /** What `next` gives; undefined when it fails or the time is over. */
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
