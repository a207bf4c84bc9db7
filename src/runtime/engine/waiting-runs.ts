import { AppError } from "#base/errors.ts";
import type { Work } from "#runtime/engine/work-on-run.ts";

/** Runs that hold their session and wait for a free worker, in order of arrival. */
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

  /** Throws RESOURCE_EXHAUSTED if the maximum number of runs is waiting. */
  requireRoom(): void {
    if (!this.isFull) return;
    throw new AppError("RESOURCE_EXHAUSTED", "error.too_many_runs", { max: this.#max }, { reason: "too_many_runs" });
  }

  /** Adds a run at the end. A run that already waits keeps its place. */
  add(work: Work): void {
    if (!this.#works.has(work.runId)) this.#works.set(work.runId, work);
  }

  /** Removes and returns the run that has waited longest. */
  take(): Work | undefined {
    const [first] = this.#works.values();
    if (first) this.#works.delete(first.runId);
    return first;
  }
}
