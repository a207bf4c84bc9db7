import { randomHex } from "#base/random-hex.ts";

const SUFFIX_BYTES = 4;
const MAX_TRIES = 5;

/** Makes the key of a new session from a suffix of 8 hex digits. */
export type MakeKey = (suffix: string) => string;

/**
 * The suffixes of new sessions' keys. They count up from a random number, so sessions that begin together are
 * neighbours in the index of keys. Random keys would touch all pages of that index.
 */
export class SessionSuffixes {
  #last: number | undefined;

  /** Tries keys until one is new. `insert` resolves to undefined for a key that is taken. Throws after 5 tries. */
  async withFreshKey<Value>(makeKey: MakeKey, insert: (key: string) => Promise<Value | undefined>): Promise<Value> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const created = await insert(makeKey(this.#next(tries > 0)));
      if (created !== undefined) return created;
    }
    throw new Error("no new session key was found");
  }

  /** Continues from a new random number if the last suffix was taken. */
  #next(isTaken: boolean): string {
    const random = () => Number.parseInt(randomHex(SUFFIX_BYTES), 16);
    this.#last = this.#last === undefined || isTaken ? random() : (this.#last + 1) % 256 ** SUFFIX_BYTES;
    return this.#last.toString(16).padStart(2 * SUFFIX_BYTES, "0");
  }
}
