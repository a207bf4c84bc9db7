import type { CheckpointAnswer } from "#db/dialects/sqlite/checkpoint-worker.ts";

/** Under load about 50 MiB of log. */
export const COMMITS_BETWEEN = 250;

/**
 * Copies the log of a SQLite database back into its file on a thread of its own. A log begins anew only when all of it is
 * copied, which never happens while others write to it: so most is copied beside the writer, who is then asked to wait
 * for the little that was committed meanwhile, of which the thread's answer does not know. Where the thread fails,
 * SQLite copies by itself once the log is long.
 */
export class LogCheckpoints {
  readonly #path: string;
  readonly #startWorker: () => Worker;
  #worker: Worker | undefined;
  #commits = 0;
  #running: Promise<void> | undefined;
  #holdUp: Promise<unknown> | undefined;

  constructor(path: string, startWorker: () => Worker = startCheckpointWorker) {
    this.#path = path;
    this.#startWorker = startWorker;
  }

  /** What the writer waits for before it begins a transaction, if there is anything. */
  get holdUp(): Promise<unknown> | undefined {
    return this.#holdUp;
  }

  /** Called after each commit; begins to copy when it is time. */
  afterCommit(): void {
    this.#commits++;
    if (this.#commits < COMMITS_BETWEEN || this.#running) return;
    this.#commits = 0;
    this.#running = this.#copy().finally(() => {
      this.#running = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#running;
    this.#worker?.terminate();
  }

  async #copy(): Promise<void> {
    const answer = await this.#ask();
    const isWhole = "isComplete" in answer && answer.isComplete && this.#commits === 0;
    if ("error" in answer || isWhole) return;
    this.#holdUp = this.#ask();
    await this.#holdUp;
    this.#holdUp = undefined;
  }

  #ask(): Promise<CheckpointAnswer> {
    this.#worker ??= this.#startWorker();
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<CheckpointAnswer>();
    const giveUp = (error: string) => {
      this.#worker = undefined;
      resolve({ error });
    };
    worker.onmessage = ({ data }: MessageEvent<CheckpointAnswer>) => resolve(data);
    worker.onerror = ({ message }) => {
      worker.terminate();
      giveUp(message);
    };
    worker.addEventListener("close", () => giveUp("the thread has ended"), { once: true });
    worker.postMessage(this.#path);
    return promise;
  }
}

const startCheckpointWorker = () =>
  new Worker(new URL("./checkpoint-worker.ts", import.meta.url).href, { smol: true, ref: false });
