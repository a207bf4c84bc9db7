import { closeSync, fdatasync, openSync } from "node:fs";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Brings what SQLite has committed to the disk without holding the event loop up. SQLite itself writes each commit to its
 * log and leaves the log to the operating system (`synchronous = NORMAL`), so that a commit is safe from a crash of the
 * process at once, and from a loss of power when `afterCommit` resolves: nobody hears of it before. SQLite syncs the log
 * by itself before it copies pages back, so the database file is never ahead of it.
 * https://www.sqlite.org/wal.html#performance_considerations
 */
export class WalSync {
  readonly #file: number;
  #waiting: Waiter[] = [];
  #syncing: Promise<void> | undefined;

  /** `path` is the database's, whose log exists from its first read or write on. */
  constructor(path: string) {
    this.#file = openSync(`${path}-wal`, "r");
  }

  /** Resolves when everything committed before the call is on the disk; commits that wait together share one sync. */
  afterCommit(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ resolve, reject });
    this.#syncing ??= this.#sync();
    return promise;
  }

  async close(): Promise<void> {
    await this.#syncing;
    closeSync(this.#file);
  }

  async #sync(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiters = this.#waiting;
      this.#waiting = [];
      const error = await new Promise<unknown>((resolve) => fdatasync(this.#file, resolve));
      for (const { resolve, reject } of waiters) error ? reject(error) : resolve();
    }
    this.#syncing = undefined;
  }
}
