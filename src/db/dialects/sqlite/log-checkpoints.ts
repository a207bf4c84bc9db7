import { statSync } from "node:fs";
import { endWorker } from "#base/threads/end-worker.ts";
import type { CheckpointAnswer, CheckpointJob } from "#db/dialects/sqlite/checkpoint-worker.ts";
import type { DatabaseFile } from "#db/dialects/sqlite/identity-of.ts";

/** Commits between two checkpoints. Under load they are about 50 MiB of log. */
export const COMMITS_PER_CHECKPOINT = 250;
/** So many bytes of values start a checkpoint after fewer commits, because some rows are large. */
export const BYTES_PER_CHECKPOINT = 50_000_000;
/**
 * The writer waits for a checkpoint during which it wrote this much. Otherwise SQLite would copy the log inside a
 * commit.
 */
export const MAX_BYTES_AHEAD = 2 * BYTES_PER_CHECKPOINT;
/** A log that was longer is cut to this many bytes when it begins anew. Under load it is seldom longer. */
export const LOG_BYTES_KEPT = 128 * 1_024 * 1_024;

/**
 * Copies the write-ahead log of a SQLite database back into its file, on a separate thread. SQLite restarts the log
 * only after it copied all of it, which never happens while a writer appends. So the thread first copies most of the
 * log in parallel with the writer. Then the writer pauses between two transactions, while the thread copies the few
 * commits made in the meantime and restarts the log. Whoever restarts it waits for the disk, so it must not be the
 * writer. If the thread fails, SQLite copies by itself once the log is long.
 */
export class LogCheckpoints {
  readonly #file: DatabaseFile;
  readonly #startWorker: () => Worker;
  #worker: Worker | undefined;
  #commits = 0;
  #bytes: number;
  #running: Promise<void> | undefined;
  /** Settles when the transaction ends that the writer has begun. */
  #transaction: Promise<void> | undefined;
  #writerPause: Promise<void> | undefined;

  /** What an earlier process left in the log counts as written. */
  constructor({ path, identity }: DatabaseFile, startWorker: () => Worker = startCheckpointWorker) {
    this.#file = { path, identity };
    this.#bytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.#startWorker = startWorker;
  }

  /** The promise that the writer awaits before a transaction. Undefined if the writer need not wait. */
  get writerPause(): Promise<void> | undefined {
    return this.#writerPause;
  }

  /** The writer calls this before each transaction, and what it returns when the transaction has ended. */
  beginTransaction(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#transaction = promise;
    return () => {
      this.#transaction = undefined;
      resolve();
    };
  }

  /**
   * Counts a commit that wrote this many bytes of values. Starts a checkpoint after `COMMITS_PER_CHECKPOINT` commits or
   * `BYTES_PER_CHECKPOINT` bytes.
   */
  afterCommit(bytes: number): void {
    this.#commits++;
    this.#bytes += bytes;
    if (this.#running) {
      if (this.#bytes > MAX_BYTES_AHEAD) this.#writerPause ??= this.#running;
      return;
    }
    if (this.#commits < COMMITS_PER_CHECKPOINT && this.#bytes < BYTES_PER_CHECKPOINT) return;
    this.#commits = 0;
    this.#bytes = 0;
    this.#running = this.#copy().finally(() => {
      this.#running = undefined;
      this.#writerPause = undefined;
    });
  }

  /** Resolves when the thread has let go of the file. */
  async close(): Promise<void> {
    await this.#running;
    if (this.#worker) await endWorker(this.#worker);
  }

  async #copy(): Promise<void> {
    const { error } = await this.#request({ restartsLog: false });
    if (error !== undefined) return;
    const restarted = this.#restartLog();
    this.#writerPause ??= restarted;
    await restarted;
  }

  async #restartLog(): Promise<void> {
    await this.#transaction;
    await this.#request({ restartsLog: true });
  }

  #request(job: Pick<CheckpointJob, "restartsLog">): Promise<CheckpointAnswer> {
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
    worker.postMessage({ ...this.#file, ...job } satisfies CheckpointJob);
    return promise;
  }
}

const startCheckpointWorker = () =>
  new Worker(new URL("./checkpoint-worker.ts", import.meta.url).href, { smol: true, ref: false });
