import { setTimeout as sleep } from "node:timers/promises";
import { WaitingRuns } from "#runtime/engine/waiting-runs.ts";
import type { Work } from "#runtime/engine/work-on-run.ts";

export interface WorkerPoolOptions {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  /** Works on a run until it ends or is released. Never rejects. */
  readonly work: (work: Work) => Promise<void>;
}

/** Works on a limited number of runs at a time. Other runs wait in order of arrival. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #waiting: WaitingRuns;
  readonly #working = new Map<string, Promise<void>>();
  /** Places that are reserved for runs whose acceptance is being stored. */
  #reserved = 0;
  #isClosed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#waiting = new WaitingRuns(options.maxWaiting);
  }

  /** True if no further run may wait. */
  get isFull(): boolean {
    return this.#waiting.isFull;
  }

  /** True if a new run may begin at once without overtaking a waiting one. */
  get hasRoom(): boolean {
    return !this.#isClosed && this.#waiting.isEmpty && this.#isBelowLimit;
  }

  isWorkingOn(runId: string): boolean {
    return this.#working.has(runId);
  }

  /** Throws RESOURCE_EXHAUSTED if no further run may wait. */
  requireRoom(): void {
    this.#waiting.requireRoom();
  }

  /** Works on a run as soon as a worker is free. */
  schedule(work: Work): void {
    if (this.#isClosed || this.#working.has(work.runId)) return;
    this.#waiting.add(work);
    this.fill();
  }

  /** Works on a run that holds a reserved place. A closed pool leaves it to the run's next owner. */
  begin(work: Work): void {
    if (!this.#isClosed) this.#start(work);
  }

  /** Reserves a place while `task` stores a run. If the task fails, a waiting run gets the place. */
  async reserve<Value>(task: () => Promise<Value>): Promise<Value> {
    this.#reserved++;
    try {
      const value = await task();
      this.#reserved--;
      return value;
    } catch (thrown) {
      this.#reserved--;
      this.fill();
      throw thrown;
    }
  }

  /** Starts the run that has waited longest if a worker is free. */
  fill(): void {
    if (!this.#isBelowLimit) return;
    const next = this.#waiting.take();
    if (next) this.#start(next);
  }

  /** Refuses further runs from now on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Waits until the current runs have ended or are released, for at most the given time. */
  async settleWithin(milliseconds: number): Promise<void> {
    const timer = new AbortController();
    const deadline = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([Promise.allSettled(this.#working.values()), deadline]);
    timer.abort();
  }

  get #isBelowLimit(): boolean {
    return this.#working.size + this.#reserved < this.#options.maxConcurrent;
  }

  #start(work: Work): void {
    const working = this.#options.work(work).finally(() => {
      this.#working.delete(work.runId);
      this.fill();
    });
    this.#working.set(work.runId, working);
  }
}
