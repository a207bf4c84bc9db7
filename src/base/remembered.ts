import { BoundedCache, type BoundedCacheOptions } from "#base/caches/bounded-cache.ts";

export type RememberedOptions<Value = object> = BoundedCacheOptions<Value> & { readonly ttl: number };

/**
 * A cache of values that are read elsewhere. `forget` takes effect at once, even for reads in progress. The result of
 * such a read is returned to its caller but not kept. Values are shared and must not be changed.
 */
export class Remembered<Value extends object> {
  readonly #entries: BoundedCache<string, Value>;
  #generation = 0;

  constructor(options: RememberedOptions<Value>) {
    this.#entries = new BoundedCache<string, Value>(options);
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
    for (const key of this.#entries.keys()) if (!matches || matches(key)) this.#entries.delete(key);
  }
}
