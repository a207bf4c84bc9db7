import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";
import { FairQueue } from "#base/threads/fair-queue.ts";
import { TenantCounts } from "#base/threads/tenant-counts.ts";
import type { Work } from "#runtime/engine/work-on-run.ts";

export interface WorkerPoolOptions {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  /** Returns the share of both that one tenant may take up now, between 0 and 1. */
  readonly tenantShare: () => number;
  /** Works on a run until it ends or is released. Never rejects. */
  readonly work: (work: Work) => Promise<void>;
}

/** Works on a limited number of runs at a time. Other runs wait, and tenants take turns. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #waiting = new FairQueue<Work>();
  readonly #waitingIds = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Places that are reserved for runs whose acceptance is being stored. */
  #reserved = 0;
  /** The places that each tenant takes up, reserved ones included. */
  readonly #taken = new TenantCounts();
  #isClosed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** True if no further run may wait. */
  get isFull(): boolean {
    return this.#waiting.size >= this.#options.maxWaiting;
  }

  /** Returns true if a new run of a tenant may begin at once without overtaking a waiting one. */
  hasRoom(tenantId: TenantId): boolean {
    return !this.#isClosed && this.#mayStart(tenantId) && !this.#waiting.hasNext(this.#mayStart);
  }

  isWorkingOn(runId: string): boolean {
    return this.#working.has(runId);
  }

  /** Throws RESOURCE_EXHAUSTED if no further run of a tenant may wait. */
  requireRoom(tenantId: TenantId): void {
    const { maxWaiting, tenantShare } = this.#options;
    const max = Math.ceil(maxWaiting * tenantShare());
    if (!this.isFull && this.#waiting.sizeOf(tenantId) < max) return;
    throw new AppError("RESOURCE_EXHAUSTED", "error.too_many_runs", { max }, { reason: "too_many_runs" });
  }

  /** Works on a run as soon as a worker is free. A run that already waits keeps its place. */
  schedule(work: Work): void {
    if (this.#isClosed || this.#working.has(work.runId)) return;
    if (!this.#waitingIds.has(work.runId)) this.#waiting.add(work);
    this.#waitingIds.add(work.runId);
    this.fill();
  }

  /** Works on a run that holds a reserved place. A closed pool leaves it to the run's next owner. */
  begin(work: Work): void {
    if (!this.#isClosed) this.#start(work);
  }

  /** Reserves a place while `task` stores a run. If the task fails, a waiting run gets the place. */
  async reserve<Value>(tenantId: TenantId, task: () => Promise<Value>): Promise<Value> {
    this.#reserved++;
    this.#taken.change(tenantId, 1);
    const free = () => {
      this.#reserved--;
      this.#taken.change(tenantId, -1);
    };
    try {
      const value = await task();
      free();
      return value;
    } catch (thrown) {
      free();
      this.fill();
      throw thrown;
    }
  }

  /** Starts the next waiting run if a worker is free. */
  fill(): void {
    const next = this.#waiting.take(this.#mayStart);
    if (!next) return;
    this.#waitingIds.delete(next.runId);
    this.#start(next);
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

  readonly #mayStart = (tenantId: TenantId): boolean => {
    const { maxConcurrent, tenantShare } = this.#options;
    const isBelowLimit = this.#working.size + this.#reserved < maxConcurrent;
    return isBelowLimit && this.#taken.of(tenantId) < Math.ceil(maxConcurrent * tenantShare());
  };

  #start(work: Work): void {
    this.#taken.change(work.tenantId, 1);
    const working = this.#options.work(work).finally(() => {
      this.#working.delete(work.runId);
      this.#taken.change(work.tenantId, -1);
      this.fill();
    });
    this.#working.set(work.runId, working);
  }
}
