import type { TenantId } from "#base/ids.ts";
import { FairQueue } from "#base/threads/fair-queue.ts";

interface WaitingTask {
  readonly tenantId: TenantId;
  start(): Promise<void>;
}

/** Runs one task after the other, of each tenant in turn. */
export class FairTurns {
  readonly #waiting = new FairQueue<WaitingTask>();
  #isBusy = false;

  /** Resolves or rejects as the task does. */
  run<Result>(tenantId: TenantId, task: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ tenantId, start: () => task().then(resolve, reject) });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#take(); next; next = this.#take()) await next.start();
    this.#isBusy = false;
  }

  #take = () => this.#waiting.take(() => true);
}
