import { closeSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";

/**
 * Brings what SQLite has committed to the disk without holding the event loop up. SQLite itself writes each commit to its
 * log and leaves the log to the operating system (`synchronous = NORMAL`), so that a commit is safe from a crash of the
 * process at once, and from a loss of power when `afterCommit` resolves: nobody hears of it before. SQLite syncs the log
 * by itself before it copies pages back, so the database file is never ahead of it.
 * https://www.sqlite.org/wal.html#performance_considerations
 */
export class WalSync {
  readonly #file: number;

  /** `path` is the database's, whose log exists from its first read or write on. */
  constructor(path: string) {
    this.#file = openSync(`${path}-wal`, "r");
  }

  /** Resolves when everything committed before the call is on the disk. */
  afterCommit(): Promise<void> {
    return syncFile(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

const syncFile = promisify(fdatasync);
