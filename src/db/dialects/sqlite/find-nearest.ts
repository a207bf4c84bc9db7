import type { Database as BunDatabase, SQLQueryBindings } from "bun:sqlite";
import type { TenantId } from "#base/ids.ts";
import { PLACE_BYTES } from "#db/dialects/sqlite/vector-search.ts";
import type { SignMatch } from "#db/memory/vector-search.ts";

export interface NearestQuery extends SignMatch {
  readonly tenantId: TenantId;
}

/** Rows that are read as one value. With 1,536 signs each, they are 1 MB. */
const ROWS_AT_ONCE = 5_000;
const WORD_BYTES = 4;
const PLACE_WORDS = PLACE_BYTES / WORD_BYTES;
const WORD = 2 ** 32;

interface Near {
  readonly place: number;
  readonly distance: number;
}

/** Returns the places of the chunks whose signs differ least. Visits every chunk, so it belongs in a thread. */
export function findNearest(database: BunDatabase, query: NearestQuery): readonly number[] {
  const wanted = toWords(query.signs);
  const near = new NearestPlaces(query.limit);
  for (const userId of query.userIds ?? [undefined]) {
    for (const rows of readRows(database, query, userId)) measure(rows, wanted, near);
  }
  return near.places;
}

/** Yields the rows of one user, or of every user, in large pieces. One value for each row would take longer. */
function* readRows(
  database: BunDatabase,
  { tenantId, agentId, space, signs }: NearestQuery,
  userId: string | undefined,
): Generator<Uint32Array> {
  const length = PLACE_BYTES + signs.length;
  const statement = database.prepare<{ piece: Uint8Array | null; last_user: string | null }, SQLQueryBindings[]>(
    `select cast(group_concat(signs, '') as blob) as piece, max(user_id) as last_user from (
      select user_id, signs from memory_signs where tenant_id = ? and agent_id = ? and space = ?
        and ${userId === undefined ? "(user_id, place) > (?, ?)" : "user_id = ? and place > ?"}
        and length(signs) = ? order by user_id, place limit ${ROWS_AT_ONCE})`,
  );
  try {
    for (let [user, place] = [userId ?? "", -1]; ; ) {
      const row = statement.get(tenantId, agentId, space, user, place, length);
      if (!row?.piece || row.last_user === null) return;
      const words = toWords(row.piece);
      yield words;
      [user, place] = [row.last_user, placeAt(words, words.length - length / WORD_BYTES)];
    }
  } finally {
    statement.finalize();
  }
}

const placeAt = (words: Uint32Array, at: number): number => (words[at] ?? 0) + (words[at + 1] ?? 0) * WORD;

function measure(rows: Uint32Array, wanted: Uint32Array, near: NearestPlaces): void {
  const width = PLACE_WORDS + wanted.length;
  for (let row = 0; row < rows.length; row += width) {
    let distance = 0;
    for (let word = 0; word < wanted.length; word++) {
      // Safe: both are inside their bounds. A check of each word would double the time of a search.
      distance += countBits((rows[row + PLACE_WORDS + word] as number) ^ (wanted[word] as number));
    }
    if (near.takes(distance)) near.add({ place: placeAt(rows, row), distance });
  }
}

/** Counts the bits of a word that are 1, in pairs, then fours, then bytes. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Keeps the nearest places. Of equally near ones, the later stored come first. */
class NearestPlaces {
  readonly #limit: number;
  #near: Near[] = [];
  #worst = Number.POSITIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  takes(distance: number): boolean {
    return distance <= this.#worst;
  }

  add(one: Near): void {
    this.#near.push(one);
    if (this.#near.length >= 2 * this.#limit) this.#shrink();
  }

  get places(): readonly number[] {
    this.#shrink();
    return this.#near.map(({ place }) => place);
  }

  #shrink(): void {
    this.#near = this.#near.toSorted((a, b) => a.distance - b.distance || b.place - a.place).slice(0, this.#limit);
    if (this.#near.length === this.#limit) this.#worst = this.#near.at(-1)?.distance ?? this.#worst;
  }
}

/** Views bytes as words. Copies them if they do not begin at a whole word. */
function toWords(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % WORD_BYTES === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / WORD_BYTES);
}
