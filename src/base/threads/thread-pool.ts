import type { TenantId } from "#base/ids.ts";
import { FairQueue } from "#base/threads/fair-queue.ts";
import { type ReceiveTexts, Thread, ThreadFailure, type ThreadOptions } from "#base/threads/thread.ts";

export interface ThreadPoolOptions extends ThreadOptions {
  /** The number of jobs that may wait for a thread. */
  readonly maxWaiting: number;
  /** The number of jobs of one tenant that may wait for a thread. */
  readonly maxWaitingPerTenant: number;
}

export interface ThreadJob<Job> {
  readonly job: Job;
  readonly tenantId: TenantId;
  /** Buffers of the job that are moved to the thread instead of copied. */
  readonly moved?: ArrayBuffer[];
  /** Receives texts that the thread sends before its answer. */
  readonly onTexts?: ReceiveTexts;
  /** A job whose signal has aborted before its turn is not started. */
  readonly signal?: AbortSignal;
}

/** Too many jobs wait for a thread. */
export class ThreadsBusy extends Error {
  override readonly name = "ThreadsBusy";
}

interface Waiting<Job, Answer> {
  readonly tenantId: TenantId;
  start(thread: Thread<Job, Answer>): Promise<void>;
}

/**
 * Does jobs outside the event loop, in two threads. Tenants take turns, and each uses one thread at a time, so slow jobs
 * of one tenant delay no other.
 */
export class ThreadPool<Job, Answer> {
  readonly #options: ThreadPoolOptions;
  readonly #threads: readonly Thread<Job, Answer>[];
  readonly #idle: Thread<Job, Answer>[];
  readonly #waiting = new FairQueue<Waiting<Job, Answer>>();
  readonly #atWork = new Set<TenantId>();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#threads = [new Thread(options), new Thread(options)];
    this.#idle = [...this.#threads];
  }

  /** Ends the threads. Resolves when they have let go of their files. Jobs at work fail. */
  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  /** Rejects with `ThreadFailure` if the job fails or takes too long, and with `ThreadsBusy` if too many jobs wait. */
  run({ job, tenantId, moved, onTexts, signal }: ThreadJob<Job>): Promise<Answer> {
    const { maxWaiting, maxWaitingPerTenant } = this.#options;
    if (this.#waiting.size >= maxWaiting || this.#waiting.sizeOf(tenantId) >= maxWaitingPerTenant) {
      return Promise.reject(new ThreadsBusy("too many jobs wait"));
    }
    return new Promise((resolve, reject) => {
      const begin = async (thread: Thread<Job, Answer>) => {
        if (signal?.aborted) throw new ThreadFailure("nobody waits for the job");
        return thread.run(job, moved, onTexts);
      };
      this.#waiting.add({ tenantId, start: (thread) => begin(thread).then(resolve, reject) });
      this.#fill();
    });
  }

  #fill(): void {
    const next = this.#idle.length > 0 ? this.#waiting.take((tenantId) => !this.#atWork.has(tenantId)) : undefined;
    const thread = next && this.#idle.pop();
    if (thread) void this.#work(next, thread);
  }

  async #work({ tenantId, start }: Waiting<Job, Answer>, thread: Thread<Job, Answer>): Promise<void> {
    this.#atWork.add(tenantId);
    await start(thread);
    this.#atWork.delete(tenantId);
    this.#idle.push(thread);
    this.#fill();
  }
}
