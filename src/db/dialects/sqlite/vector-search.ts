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
