import type { Database as BunDatabase, SQLQueryBindings } from "bun:sqlite";
import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { TenantId } from "#base/ids.ts";
import { PLACE_BYTES } from "#db/dialects/sqlite/vector-search.ts";
import type { SignMatch } from "#db/memory/vector-search.ts";

export interface NearestQuery extends SignMatch {
  readonly tenantId: TenantId;
}

/** The signs of 200,000 usual vectors. */
const KEPT_BYTES = 48 * 1_024 * 1_024;
/** What an entry takes beside its signs. */
const ENTRY_BYTES = 300;

/** Reads the blocks of `SQLITE_SIGN_BLOCKS`. Keeps those that it has read, because an id never has other signs. */
export class SignBlocks {
  readonly #database: BunDatabase;
  readonly #kept = new BoundedCache<number, Uint32Array>({
    max: KEPT_BYTES / ENTRY_BYTES,
    size: { max: KEPT_BYTES, of: ({ byteLength }) => byteLength + ENTRY_BYTES },
  });

  constructor(database: BunDatabase) {
    this.#database = database;
  }

  /** Shows the blocks that a query compares, all as they are at one moment. */
  visit(query: NearestQuery, see: (rows: Uint32Array) => void): void {
    const statement = this.#database.prepare<{ readonly signs: Uint8Array }, [number]>(
      "select signs from memory_sign_blocks where id = ?",
    );
    const read = (id: number): Uint32Array => {
      const rows = toWords(statement.get(id)?.signs ?? new Uint8Array());
      this.#kept.set(id, rows);
      return rows;
    };
    try {
      this.#database.transaction(() => {
        for (const id of this.#idsOf(query)) see(this.#kept.peek(id) ?? read(id));
      })();
    } finally {
      statement.finalize();
    }
  }

  /** Lists the ids in the index alone, as one value. */
  #idsOf({ tenantId, agentId, space, signs, userIds }: NearestQuery): readonly number[] {
    const ofUsers = userIds ? "and user_id in (select value from json_each(?))" : "";
    const statement = this.#database.prepare<{ readonly ids: string }, SQLQueryBindings[]>(
      `select json_group_array(id) as ids from memory_sign_blocks
        where tenant_id = ? and agent_id = ? and space = ? and width = ? ${ofUsers}`,
    );
    try {
      const list = [tenantId, agentId, space, PLACE_BYTES + signs.length];
      return JSON.parse(statement.get(...list, ...(userIds ? [JSON.stringify(userIds)] : []))?.ids ?? "[]");
    } finally {
      statement.finalize();
    }
  }
}

/** Views bytes as words. Copies them if they do not begin at a whole word. */
export function toWords(bytes: Uint8Array): Uint32Array {
  const size = Uint32Array.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / size);
}
