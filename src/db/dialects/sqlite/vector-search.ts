import type { StoreSigns } from "#db/memory/vector-search.ts";

/** A row holds its place again before its signs, so that many rows are read as one value. */
export const SQLITE_VECTOR_INDEX: readonly string[] = [
  `create table memory_vectors (
    chunk_id text not null primary key references memory_chunks (id) on delete cascade,
    tenant_id text not null references tenants (id) on delete cascade,
    space text not null, vector blob not null)`,
  `create table memory_signs (
    tenant_id text not null references tenants (id) on delete cascade,
    agent_id text not null, space text not null, user_id text not null,
    place integer not null references memory_chunks (place) on delete cascade,
    signs blob not null, primary key (tenant_id, agent_id, space, user_id, place)) without rowid`,
  "create index memory_signs_place on memory_signs (place)",
];

/** The chunks at these many places in a row share a block. Usual vectors have 12 KB of signs in it. */
const BLOCK_PLACES = 64;

/**
 * The same rows again, many in one value, because reading a row of its own takes longer than comparing it. Every change
 * of a block gives it an id that none had before, so readers may keep what they have read. Rows of signs are inserted
 * and deleted, never updated. Triggers also run for those that a foreign key deletes.
 */
export const SQLITE_SIGN_BLOCKS: readonly string[] = [
  `create table memory_sign_blocks (
    id integer primary key autoincrement,
    tenant_id text not null, agent_id text not null, space text not null, width integer not null,
    user_id text not null, block integer not null, signs blob not null,
    unique (tenant_id, agent_id, space, width, user_id, block))`,
  `create trigger memory_signs_stored after insert on memory_signs begin ${storeBlock("new")}; end`,
  `create trigger memory_signs_deleted after delete on memory_signs begin
    delete from memory_sign_blocks where tenant_id = old.tenant_id and agent_id = old.agent_id and space = old.space
      and width = length(old.signs) and user_id = old.user_id and block = old.place / ${BLOCK_PLACES};
    ${storeBlock("old")};
  end`,
  storeBlocks("true"),
];

/** Stores the block of a row from all rows that it has now. */
function storeBlock(row: "new" | "old"): string {
  const first = `${row}.place / ${BLOCK_PLACES} * ${BLOCK_PLACES}`;
  return storeBlocks(`tenant_id = ${row}.tenant_id and agent_id = ${row}.agent_id and space = ${row}.space
    and user_id = ${row}.user_id and place between ${first} and ${first} + ${BLOCK_PLACES - 1}
    and length(signs) = length(${row}.signs)`);
}

function storeBlocks(condition: string): string {
  return `insert or replace into memory_sign_blocks (tenant_id, agent_id, space, width, user_id, block, signs)
    select tenant_id, agent_id, space, length(signs), user_id, place / ${BLOCK_PLACES},
      cast(group_concat(signs, '') as blob)
    from memory_signs where ${condition} group by 1, 2, 3, 4, 5, 6`;
}

/** The bytes before the signs: the place as two words, the lower one first. */
export const PLACE_BYTES = 8;
const WORD = 2 ** 32;

export const storeSignsInSqlite: StoreSigns = (tenantId, chunks) => ({
  sql: `insert into memory_signs (tenant_id, agent_id, space, user_id, place, signs)
    values ${chunks.map(() => "(?, ?, ?, ?, ?, ?)").join(", ")}`,
  parameters: chunks.flatMap(({ agentId, space, userId, place, signs }) => [
    tenantId,
    agentId,
    space,
    userId,
    place,
    withPlace(place, signs),
  ]),
});

function withPlace(place: number, signs: Uint8Array): Uint8Array {
  const row = new Uint8Array(PLACE_BYTES + signs.length);
  new Uint32Array(row.buffer, 0, 2).set([place % WORD, Math.floor(place / WORD)]);
  row.set(signs, PLACE_BYTES);
  return row;
}
