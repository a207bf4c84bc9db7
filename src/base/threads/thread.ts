import { MINUTE } from "#base/clock.ts";
import { endWorker } from "#base/threads/end-worker.ts";

export interface ThreadOptions {
  readonly start: () => Worker;
  /** The time limit for one job, in milliseconds. */
  readonly timeoutMs: number;
  /** By how many bytes this process may grow while a job runs. A thread has no memory limit of its own. */
  readonly maxGrowthBytes?: number;
}

/** The thread crashed, exited, worked on a job for too long, or took too much memory. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
}

/**
 * Receives texts of a thread. A list of texts is the only value in which Bun moves long texts between threads without a
 * copy. An answer is never a list.
 */
export type ReceiveTexts = (texts: readonly string[]) => void;

const isTexts = (data: unknown): data is readonly string[] => Array.isArray(data);

const MEMORY_WATCH_MS = 100;

/** How long a thread without a job lives. */
const IDLE_MS = 1 * MINUTE;

/**
 * A thread that does one job at a time. It starts with its first job and stops after an idle time. If a job takes too
 * long, the thread is terminated, and the next job starts a new one.
 */
export class Thread<Job, Answer> {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  #settle: ((answer?: Answer) => void) | undefined;
  #onTexts: ReceiveTexts | undefined;
  #timer: NodeJS.Timeout | undefined;
  #memoryWatch: NodeJS.Timeout | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * Does a job. Call it again only when the last job is done. `moved` is not copied. `onTexts` receives the lists of
   * texts that the thread sends before its answer. Rejects with `ThreadFailure`.
   */
  async run(job: Job, moved: ArrayBuffer[] = [], onTexts?: ReceiveTexts): Promise<Answer> {
    const answer = await new Promise<Answer | undefined>((resolve) => {
      this.#settle = resolve;
      this.#onTexts = onTexts;
      this.#after(this.#options.timeoutMs, () => this.#fail());
      this.#watchMemory();
      this.#worker ??= this.#openWorker();
      this.#worker.postMessage(job, moved);
    });
    this.#settle = undefined;
    this.#onTexts = undefined;
    clearInterval(this.#memoryWatch);
    this.#after(IDLE_MS, () => this.#stopWorker());
    if (answer === undefined) throw new ThreadFailure("a thread failed");
    return answer;
  }

  /** Ends the thread. Resolves when it has let go of its files. A job at work fails. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    this.#settle?.();
    await endWorker(worker);
  }

  #after(milliseconds: number, task: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(task, milliseconds);
    this.#timer.unref();
  }

  #watchMemory(): void {
    const { maxGrowthBytes } = this.#options;
    if (maxGrowthBytes === undefined) return;
    const before = process.memoryUsage.rss();
    this.#memoryWatch = setInterval(() => {
      if (process.memoryUsage.rss() - before > maxGrowthBytes) this.#fail();
    }, MEMORY_WATCH_MS).unref();
  }

  #openWorker(): Worker {
    const worker = this.#options.start();
    worker.unref();
    const isCurrent = () => this.#worker === worker;
    worker.onmessage = ({ data }: MessageEvent<Answer | readonly string[]>) => {
      if (!isCurrent()) return;
      if (isTexts(data)) this.#onTexts?.(data);
      else this.#settle?.(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (isCurrent()) this.#fail();
    };
    worker.addEventListener("close", () => {
      if (isCurrent()) this.#fail();
    });
    return worker;
  }

  #stopWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #fail(): void {
    this.#stopWorker();
    this.#settle?.();
  }
}
