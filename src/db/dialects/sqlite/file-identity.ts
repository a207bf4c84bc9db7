import { stat } from "node:fs/promises";
import { identityOf, toIdentity } from "#db/dialects/sqlite/identity-of.ts";
import { databaseReplaced } from "#db/errors.ts";

/** How long the file counts as unchanged after it was looked at, in milliseconds. */
const FRESH_MS = 500;

/**
 * Notices that the file of an open database was moved, deleted or replaced. SQLite does not, and what it writes to the
 * open file is lost.
 */
export class FileIdentity {
  readonly path: string;
  readonly identity: string;
  #checkedAt = performance.now();

  constructor(path: string) {
    this.path = path;
    this.identity = identityOf(path);
  }

  /** Returns true if the file has to be looked at again. */
  get isDue(): boolean {
    return performance.now() - this.#checkedAt > FRESH_MS;
  }

  /** Throws `UNAVAILABLE` if the path does not lead to the open file. */
  async check(): Promise<void> {
    const found = await stat(this.path).then(toIdentity, (thrown: unknown) => thrown);
    const isSame = found === this.identity;
    this.#checkedAt = isSame ? performance.now() : Number.NEGATIVE_INFINITY;
    if (!isSame) throw databaseReplaced(found);
  }
}
