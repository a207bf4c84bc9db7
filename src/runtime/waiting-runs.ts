import { AppError } from "#base/errors.ts";
import type { Work } from "#runtime/work-on-run.ts";

/** Runs that have their session and wait until this process works on fewer others, in the order in which they came. */
export class WaitingRuns {
  readonly #max: number;
  readonly #works = new Map<string, Work>();

  constructor(max: number) {
    this.#max = max;
  }

  get isEmpty(): boolean {
    return this.#works.size === 0;
  }

  get isFull(): boolean {
    return this.#works.size >= this.#max;
  }

  /** Throws RESOURCE_EXHAUSTED when so many wait already that another would wait for too long. */
  requireRoom(): void {
    if (!this.isFull) return;
    throw new AppError("RESOURCE_EXHAUSTED", "error.too_many_runs", { max: this.#max }, { reason: "too_many_runs" });
  }

  /** A run that waits already keeps its place. */
  add(work: Work): void {
    if (!this.#works.has(work.runId)) this.#works.set(work.runId, work);
  }

  /** The run that waited longest, which no longer waits. */
  take(): Work | undefined {
    const [first] = this.#works.values();
    if (first) this.#works.delete(first.runId);
    return first;
  }
}
