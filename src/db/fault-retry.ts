import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "#db/database.ts";
import { isDatabaseFault } from "#db/errors.ts";

/** The first pause before a task runs again, in milliseconds. It doubles with each fault. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Lets tasks wait through faults of the database, so that a fault of a second costs a second. */
export class FaultRetry {
  readonly #database: Pick<Database, "requireWrites">;
  readonly #mustLeave: () => boolean;

  /** `mustLeave` returns true if nobody may wait any more. */
  constructor(database: Pick<Database, "requireWrites">, mustLeave: () => boolean) {
    this.#database = database;
    this.#mustLeave = mustLeave;
  }

  /** Runs a task again until no fault of the database ends it. The task must be repeatable. */
  async run<Value>(task: () => Promise<Value>): Promise<Value> {
    for (let faults = 0; ; faults++) {
      try {
        return await task();
      } catch (thrown) {
        if (!isDatabaseFault(thrown) || !(await this.#untilBack(faults))) throw thrown;
      }
    }
  }

  /** Resolves to true when the database works again, and to false if nobody may wait for it. */
  async #untilBack(faults: number): Promise<boolean> {
    for (let pauses = faults; ; pauses++) {
      if (this.#mustLeave()) return false;
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(pauses, 10), LONGEST_PAUSE_MS));
      const isBack = await this.#database.requireWrites().then(
        () => true,
        () => false,
      );
      if (isBack) return !this.#mustLeave();
    }
  }
}
