import { SECOND } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";

/** The time that stopping may take beyond the drain time, in milliseconds. */
const STOP_MS = 5 * SECOND;
/** The time after which a process that has stopped everything ends, whatever keeps it alive. */
const LEAVE_MS = 1 * SECOND;

/** Ends the process if stopping takes too long, or if something forgotten keeps it alive. The log says what was left. */
export class LastGuard {
  readonly #logger: Logger;
  #timer: NodeJS.Timeout;
  #left = "";

  constructor(logger: Logger, drainSeconds: number) {
    this.#logger = logger;
    this.#timer = this.#endAfter(drainSeconds * SECOND + STOP_MS, 1);
  }

  /** Waits for one step. `left` names what remains until then. */
  async step(left: string, work: Promise<void>): Promise<void> {
    this.#left = left;
    await work;
  }

  /** Is called when every step is done. Nothing is lost from then on. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#left = "a timer or a connection that nobody waits for";
    this.#timer = this.#endAfter(LEAVE_MS, 0);
  }

  /** The timer itself does not keep the process alive. */
  #endAfter(milliseconds: number, exitCode: number): NodeJS.Timeout {
    const end = () => {
      this.#logger.error({ left: this.#left }, "something kept the process from ending, so it ends now");
      process.exit(exitCode);
    };
    return setTimeout(end, milliseconds).unref();
  }
}
