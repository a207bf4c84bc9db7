import { LRUCache } from "lru-cache";

export interface RememberedOptions<Value = object> {
  /** Entries that are kept at most. The least recently used one is evicted. */
  readonly max: number;
  /** How long an entry is used, in milliseconds. */
  readonly ttl: number;
  /** The size of all entries together at most. An entry that is larger alone is not kept. */
  readonly size?: { readonly max: number; readonly of: (value: Value) => number };
}

/**
 * A cache of values that are read elsewhere. `forget` takes effect at once, even for reads in progress. The result of
 * such a read is returned to its caller but not kept. Values are shared and must not be changed.
 */
export class Remembered<Value extends object> {
  readonly #entries: LRUCache<string, Value>;
  #generation = 0;

  constructor({ max, ttl, size }: RememberedOptions<Value>) {
    this.#entries = new LRUCache<string, Value>({
      ...{ max, ttl },
      ...(size && { maxSize: size.max, sizeCalculation: size.of }),
    });
  }

  /** Returns the value of a key, and reads it if it is not in memory. An absent value is read again each time. */
  async get<Read extends Value | undefined>(key: string, read: () => Promise<Read>): Promise<Value | Read> {
    const known = this.#entries.get(key);
    if (known) return known;
    const generation = this.#generation;
    const value = await read();
    if (value && generation === this.#generation) this.#entries.set(key, value);
    return value;
  }

  /** Forgets the keys that match, or all of them. */
  forget(matches?: (key: string) => boolean): void {
    this.#generation++;
    for (const key of [...this.#entries.keys()]) if (!matches || matches(key)) this.#entries.delete(key);
  }
}
