export interface BoundedCacheOptions<Value> {
  /** Entries that are kept at most. */
  readonly max: number;
  /** How long an entry is kept after it was set, in milliseconds. By default, until it is evicted. */
  readonly ttl?: number;
  /** The size of all entries together at most. An entry that is larger alone is not kept. */
  readonly size?: { readonly max: number; readonly of: (value: Value) => number };
}

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
  /** By the clock of `performance.now`. */
  readonly expiresAt: number;
}

/** Values by key. The least recently used one makes room for a new one. Takes no memory for entries that it lacks. */
export class BoundedCache<Key, Value> {
  readonly #options: BoundedCacheOptions<Value>;
  /** The least recently used entry is the first. */
  readonly #entries = new Map<Key, Entry<Value>>();
  #size = 0;

  constructor(options: BoundedCacheOptions<Value>) {
    this.#options = options;
  }

  /** The number of entries. Some may have expired. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns a value, which is the most recently used one after that. */
  get(key: Key): Value | undefined {
    const entry = this.#find(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Returns a value without using it. */
  peek(key: Key): Value | undefined {
    return this.#find(key)?.value;
  }

  has(key: Key): boolean {
    return this.#find(key) !== undefined;
  }

  set(key: Key, value: Value): void {
    const { max, ttl, size: limit } = this.#options;
    this.delete(key);
    const size = limit ? limit.of(value) : 0;
    if (limit && size > limit.max) return;
    this.#entries.set(key, {
      value,
      size,
      expiresAt: ttl === undefined ? Number.POSITIVE_INFINITY : performance.now() + ttl,
    });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= max && this.#size <= (limit?.max ?? 0)) break;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  /** The keys, from the least to the most recently used. Some may have expired. */
  keys(): readonly Key[] {
    return [...this.#entries.keys()];
  }

  /** The values, in the same order as their keys. */
  values(): readonly Value[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }

  #find(key: Key): Entry<Value> | undefined {
    const entry = this.#entries.get(key);
    // Entries without an end are most, and the clock is not for free.
    if (!entry || entry.expiresAt === Number.POSITIVE_INFINITY || performance.now() < entry.expiresAt) return entry;
    this.delete(key);
    return undefined;
  }
}
