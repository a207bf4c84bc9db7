import { closeSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";

/**
 * Syncs SQLite's commits to the disk without blocking the event loop. SQLite writes each commit to its log and lets the
 * operating system sync it (`synchronous = NORMAL`). So a commit survives a crash of the process at once, and a power
 * loss after `afterCommit` resolves. SQLite syncs the log by itself before a checkpoint, so the database file is never
 * ahead of the log. https://www.sqlite.org/wal.html#performance_considerations
 */
export class WalSync {
  readonly #file: number;

  /** `path` is the path of the database. Its log exists after the first read or write. */
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
